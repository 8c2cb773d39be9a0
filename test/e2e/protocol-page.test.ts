import { spawn } from 'node:child_process';
import { readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { directKey } from '../../src/protocol/logs.ts';
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
		signal: (signal: NodeJS.Signals) => void child.kill(signal),
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
	const signIn = (name: string) => ask('/v2/sessions', '', { name, password: '111111' });
	const [bob, carl] = [await signIn('test'), await signIn('admin')];
	const ann = await ask('/v2/users?name=demo', bob.token);
	const directOf = ({ user }: Answer) => directKey(Number(ann.id), Number(user.id));
	const post = ({ token }: Answer, conv: string, body: string) =>
		ask(`/v2/conversations/${conv}/messages`, token, { body });

	const example = startExample(chat.apiUrl);
	example.say('hello');
	await example.printedLines(1);
	await post(bob, 'room:1', 'hi');
	await post(bob, directOf(bob), 'psst');
	await example.printedLines(3);

	// It sleeps, so that what is sent meanwhile has to be resumed.
	example.signal('SIGSTOP');
	await chat.node.kill();
	await chat.node.start();
	await post(bob, 'room:1', 'anybody?');
	await post(bob, directOf(bob), 'and again');
	await post(carl, directOf(carl), 'new to you');
	example.say('me');
	example.signal('SIGCONT');
	await example.printedLines(7);
	await post(bob, 'room:1', 'bye');
	await example.printedLines(8);
	example.signal('SIGKILL');

	const printed = (conv: string) => example.lines.filter((line) => line.startsWith(`${conv} `));
	expect(printed('room:1')).toEqual([
		'room:1 1 demo: hello',
		'room:1 2 test: hi',
		'room:1 3 test: anybody?',
		'room:1 4 demo: me',
		'room:1 5 test: bye',
	]);
	expect(printed(directOf(bob))).toEqual([`${directOf(bob)} 1 test: psst`, `${directOf(bob)} 2 test: and again`]);
	expect(printed(directOf(carl))).toEqual([`${directOf(carl)} 1 admin: new to you`]);
});
