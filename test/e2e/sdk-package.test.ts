import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Embedded, startEmbedded } from '../support/cluster.ts';
import { startProcess, temporaryFolder } from '../support/processes.ts';

const root = resolve(import.meta.dirname, '../..');

let server: Embedded;
let folder: string;
beforeAll(async () => {
	server = await startEmbedded();
	// A program of somebody else, who has installed the package.
	folder = temporaryFolder('program').path;
	mkdirSync(join(folder, 'node_modules'));
	symlinkSync(root, join(folder, 'node_modules/tschat'));
	for (const name of ['ws', '@types'])
		symlinkSync(join(root, 'node_modules', name), join(folder, 'node_modules', name));
	writeFileSync(join(folder, 'package.json'), '{ "type": "module" }');
});
afterAll(() => server.stop());

const run = async (command: string, args: string[]) => {
	const started = startProcess(command, args, { cwd: folder });
	return [await started.exited, started.output()];
};

test('a program that uses the package ends by itself once its client is closed', async () => {
	writeFileSync(
		join(folder, 'program.js'),
		`import WebSocket from 'ws';
		import { connect, signIn } from 'tschat/client';
		const api = process.argv[2];
		const session = await signIn({ api, name: 'demo', password: '111111' });
		const chat = connect({ api, WebSocket, ...session });
		await chat.room(1).join();
		chat.room(1).typing();
		await chat.room(1).send('hello');
		for await (const { body } of chat.room(1).messages({ after: 0 })) {
			console.log(body);
			break;
		}
		const waiting = chat.room(1).messages().next();
		chat.room(1).read();
		await chat.close();
		console.log((await waiting).done);`,
	);
	expect(await run('node', ['program.js', server.apiUrl])).toEqual([0, 'hello\ntrue\n']);
});

test.each([
	['of a browser', { lib: ['es2023', 'dom'], types: [] }, 'null', 'WebSocket, store: kept'],
	['of Node', { lib: ['es2023'], types: ['node', 'ws'] }, "await import('ws')", 'WebSocket: host.WebSocket'],
])('its types fit the WebSocket and the storage %s', async (_name, { lib, types }, host, options) => {
	const storage = lib.includes('dom') ? 'localStorage' : '{ getItem: () => null, setItem: () => {} }';
	writeFileSync(
		join(folder, 'program.ts'),
		`import { type Chat, connect, type Message, webStorage } from 'tschat/client';
		const host = ${host};
		const kept = webStorage(${storage}, 'chat');
		const chat: Chat = connect({ url: 'ws://localhost', token: 'token', ${options} });
		chat.on('message', ({ body }: Message) => body.length);
		chat.conversation('dm:1:2').send('hello').then(({ seq }: { seq: number }) => [seq, host, kept]);`,
	);
	const compilerOptions = {
		...{ lib, types, target: 'es2023', module: 'nodenext', moduleResolution: 'nodenext' },
		...{ strict: true, noEmit: true, exactOptionalPropertyTypes: true, skipLibCheck: false },
	};
	writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify({ compilerOptions, files: ['program.ts'] }));
	expect(await run(join(root, 'node_modules/.bin/tsc'), ['-p', '.'])).toEqual([0, '']);
});
