import { expect, test } from 'vitest';
import { AnswerReader } from '../../../bench/load/answer-reader.ts';

const answers =
	'HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 10\r\n\r\n{"code":0}' +
	'HTTP/1.1 204 No Content\r\nDate: now\r\n\r\n' +
	'HTTP/1.1 503 Service Unavailable\r\ncontent-length:0\r\n\r\n' +
	'HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok';

const read = (chunks: readonly string[]): [number, string][] => {
	const found: [number, string][] = [];
	const reader = new AnswerReader((status, body) => found.push([status, body]));
	for (const chunk of chunks) reader.read(chunk);
	return found;
};

const expected = [
	[200, '{"code":0}'],
	[204, ''],
	[503, ''],
	[200, 'ok'],
];

test('answers come whole and in order, wherever the reads are cut', () => {
	for (let cut = 0; cut <= answers.length; cut += 1) {
		expect(read([answers.slice(0, cut), answers.slice(cut)])).toEqual(expected);
	}
	expect(read([...answers])).toEqual(expected);
});

test('an answer whose length is not told, and what is no answer, end the stream', () => {
	expect(() => read(['HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n'])).toThrow('content-length');
	expect(() => read(['SSH-2.0-OpenSSH\r\n\r\n'])).toThrow('no answer of HTTP/1.1');
});
