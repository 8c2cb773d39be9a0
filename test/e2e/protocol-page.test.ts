import { spawn } from 'node:child_process';
import { readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Embedded, startEmbedded } from '../support/cluster.ts';
import { temporaryFolder } from '../support/processes.ts';

const root = resolve(import.meta.dirname, '../..');
const page = readFileSync(join(root, 'docs/protocol.md'), 'utf8');

/** The client that the page gives as an example, as a process: what it is told to say, and the lines that it prints. */
const startExample = (apiUrl: string) => {
	const [, source = ''] = /^```js\n(.+?)^```$/ms.exec(page) ?? [];
	const folder = temporaryFolder('example').path;
	symlinkSync(join(root, 'node_modules'), join(folder, 'node_modules'));
	writeFileSync(join(folder, 'client.mjs'), source);
	// It goes when the test does, whatever that dies of.
	const args = ['--pdeathsig', 'KILL', process.execPath, join(folder, 'client.mjs'), apiUrl];
	const child = spawn('setpriv', args, { stdio: ['pipe', 'pipe', 'inherit'] });
	const lines: string[] = [];
	const printed = createInterface({ input: child.stdout });
	printed.on('line', (line) => lines.push(line));
	return {
		lines,
		say: (body: string) => void child.stdin.write(`${body}\n`),
		/** Resolves when so many lines have been printed. */
		printedLines: (count: number) =>
			new Promise<void>((done) => {
				const look = () => {
					if (lines.length < count) return;
					printed.off('line', look);
					done();
				};
				printed.on('line', look);
				look();
			}),
		stop: () => void child.kill('SIGKILL'),
	};
};

let chat: Embedded;
beforeAll(async () => {
	chat = await startEmbedded();
});
afterAll(() => chat.stop());

interface Answer {
	readonly token: string;
	readonly user: { readonly id: string };
	readonly id: string;
}

const ask = async (path: string, token: string, body?: object): Promise<Answer> => {
	const headers = { 'content-type': 'application/json', ...(token !== '' && { authorization: `Bearer ${token}` }) };
	const init = body === undefined ? { headers } : { method: 'POST', headers, body: JSON.stringify(body) };
	const response = await fetch(chat.apiUrl + path, init);
	expect(response.ok).toBe(true);
	return (await response.json()) as Answer;
};

test('the small client of docs/protocol.md prints everything once and in order, though its server is killed', async () => {
	const { token, user } = await ask('/v2/sessions', '', { name: 'test', password: '111111' });
	const demo = await ask('/v2/users?name=demo', token);
	const direct = `dm:${[Number(demo.id), Number(user.id)].sort((one, other) => one - other).join(':')}`;
	const post = (conv: string, body: string) => ask(`/v2/conversations/${conv}/messages`, token, { body });

	const example = startExample(chat.apiUrl);
	example.say('hello');
	await example.printedLines(1);
	await post('room:1', 'hi');
	await post(direct, 'psst');
	await example.printedLines(3);

	await chat.node.kill();
	example.say('anybody?');
	await chat.node.start();
	await post(direct, 'back again');
	await example.printedLines(5);
	await post('room:1', 'me');
	await example.printedLines(6);
	example.stop();

	const room = ['room:1 1 demo: hello', 'room:1 2 test: hi', 'room:1 3 demo: anybody?', 'room:1 4 test: me'];
	expect(example.lines.filter((line) => line.startsWith('room'))).toEqual(room);
	expect(example.lines.filter((line) => line.startsWith('dm'))).toEqual([
		`${direct} 1 test: psst`,
		`${direct} 2 test: back again`,
	]);
});
