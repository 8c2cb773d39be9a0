import { createInterface } from 'node:readline';
import { type Line, render } from './line.ts';
import type { Screen } from './screen.ts';

/** Lines that are kept until they can be dealt with: then no more are read. */
const maxLines = 1000;

/** Lines in, lines out: without a prompt, and notes apart from what was asked for, on stderr. */
export const pipeScreen = (colours: boolean): Screen => {
	const print = (stream: NodeJS.WriteStream) => (line: Line) => void stream.write(`${render(line, colours)}\n`);
	let close = () => {};
	return {
		show: print(process.stdout),
		note: print(process.stderr),
		prompt: () => {},
		start: (listener) => {
			const input = createInterface({ input: process.stdin, crlfDelay: Number.POSITIVE_INFINITY });
			let waiting = 0;
			let ended = false;
			input.on('line', async (text) => {
				waiting += 1;
				if (waiting === maxLines) input.pause();
				await listener.line(text);
				waiting -= 1;
				if (waiting === maxLines - 1 && !ended) input.resume();
			});
			input.on('close', () => {
				ended = true;
			});
			input.on('close', listener.ended);
			// Whoever read the lines is gone, as after `| head`.
			process.stdout.on('error', listener.ended);
			process.stderr.on('error', listener.ended);
			process.once('SIGINT', listener.interrupted);
			close = () => {
				process.off('SIGINT', listener.interrupted);
				input.off('close', listener.ended).close();
			};
		},
		close: () => close(),
	};
};
