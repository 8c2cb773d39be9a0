import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { listSessions, register, signIn } from '../../src/client/index.ts';
import { type Embedded, startEmbedded } from '../support/cluster.ts';
import { freePort, startProcess } from '../support/processes.ts';
import { restClient } from '../support/rest-client.ts';
import { startTerminal, type Terminal } from '../support/terminal.ts';

const root = join(import.meta.dirname, '..', '..');
const password = 'correct horse';
const env = { TSCHAT_PASSWORD: password };

let server: Embedded;
beforeAll(async () => {
	server = await startEmbedded();
});
afterAll(() => server.stop());

let count = 0;
const newRoom = (): number => {
	count += 1;
	return 900 + count;
};
const newName = (name: string): string => {
	count += 1;
	return `${name}${count}`;
};

/** Starts it as a new user. */
const newcomer = (name: string, ...args: (string | number)[]): Terminal =>
	startTerminal(['--url', server.apiUrl, '--user', name, '--register', ...args.map(String)], { env });
const signedIn = (name: string, ...args: (string | number)[]): Terminal =>
	startTerminal(['--url', server.apiUrl, '--user', name, ...args.map(String)], { env });

const quit = async (...terminals: Terminal[]): Promise<void> => {
	for (const terminal of terminals) terminal.end();
	for (const terminal of terminals) expect(await terminal.exited).toBe(0);
};
/** Ends the input of one that was told to do something that cannot be done. */
const quitFailed = async (terminal: Terminal): Promise<void> => {
	terminal.end();
	expect(await terminal.exited).toBe(1);
};
const times = (terminal: Terminal, pattern: RegExp): number =>
	terminal.lines.filter((line) => pattern.test(line)).length;

/** The bodies of a room. */
const history = async (token: string, room: number): Promise<string[]> => {
	const { body } = await restClient(server.apiUrl, token)('GET', `/v2/conversations/room:${room}/messages`);
	return (body as { items: { body: string }[] }).items.map((message) => message.body);
};

describe('two people', () => {
	test('talk in a room, each message shown once to both', async () => {
		const [annName, bobName, room] = [newName('ann'), newName('bob'), newRoom()];
		const ann = newcomer(annName, '--room', room);
		await ann.printed(new RegExp(`joined room ${room}`));
		const bob = newcomer(bobName, '--room', room);
		await ann.printed(new RegExp(`${bobName} came \\(2 here\\)`));
		ann.type('hello', '//etc');
		await bob.printed(/\/etc/);
		bob.type('hi', '/members');
		await bob.printed(/2 here: /);
		await ann.printed(/hi/);
		await quit(bob);
		await ann.printed(new RegExp(`${bobName} left`));
		await quit(ann);
		const said = [`${annName}  hello`, `${annName}  /etc`, `${bobName}  hi`].map((text) => `HH:MM ${text}`);
		for (const { lines } of [ann, bob]) {
			const messages = lines.filter((line) => /^\d/.test(line) && !line.includes('here'));
			expect(messages.map((line) => line.replace(/^\d\d:\d\d/, 'HH:MM'))).toEqual(said);
		}
	});

	test('write to each other; what is not looked at counts as unread, and reading it is told once', async () => {
		const [annName, bobName, room] = [newName('ann'), newName('bob'), newRoom()];
		const bob = newcomer(bobName, '--room', room);
		await bob.printed(/joined/);
		const ann = newcomer(annName);
		ann.type(`/dm ${bobName.toUpperCase()}`, 'one', 'two');
		await bob.printed(new RegExp(`^\\d\\d:\\d\\d @${annName} ${annName}  two$`));
		bob.type('/rooms');
		await bob.printed(new RegExp(`^  @${annName} +2 unread  .* two$`));
		bob.type(`/dm ${annName}`, '/rooms');
		await bob.printed(new RegExp(`^\\* @${annName} +\\d\\d:\\d\\d ${annName}: two$`));
		expect(await ann.printed(/read by/)).toBe(`read by ${bobName}`);
		bob.type('fine');
		await ann.printed(new RegExp(`^\\d\\d:\\d\\d ${bobName}  fine$`));
		await bob.printed(/read by/);
		await quit(ann, bob);
		for (const { notes } of [ann, bob]) expect(notes.filter((note) => note.startsWith('read by'))).toHaveLength(1);
	});

	test('cannot send anything to the other’s terminal that it obeys', async () => {
		const [annName, room] = [newName('ann'), newRoom()];
		const { token } = await register({ api: server.apiUrl, name: newName('eve'), password });
		const ann = newcomer(annName, '--room', room);
		await ann.printed(/joined/);
		const body = '\x1b]0;owned\x07\x1b[2J\x9b1A\r\u202eend';
		const path = `/v2/conversations/room:${room}/messages`;
		expect(await restClient(server.apiUrl, token)('POST', path, { body })).toMatchObject({ status: 201 });
		await ann.printed(/␛\]0;owned␇␛\[2J<U\+009B>1A␍<U\+202E>end/);
		ann.type('/rooms', '/history', '/help');
		await ann.printed(/\/quit/);
		await quit(ann);
		expect(times(ann, /owned/)).toBe(3);
		expect(ann.raw().replaceAll('\n', '')).not.toMatch(/[\p{Cc}\u202e]/u);
	});
});

describe('commands', () => {
	test('join, switch between and leave conversations', async () => {
		const [annName, room, other] = [newName('ann'), newRoom(), newRoom()];
		const ann = newcomer(annName, '--room', room, '--room', other);
		ann.type('in the first', `/room ${other}`, 'in the other', '/leave', 'nowhere', `/room ${other}`, `/room ${room}`);
		ann.type('first again', '/rooms');
		await ann.printed(/^\* room/);
		await quitFailed(ann);
		const { token } = await signIn({ api: server.apiUrl, name: annName, password });
		expect(await history(token, room)).toEqual(['in the first', 'first again']);
		expect(await history(token, other)).toEqual(['in the other']);
		expect(ann.notes).toContain(`left room ${other}`);
		expect(ann.notes.filter((note) => note.startsWith('to whom?'))).toHaveLength(1);
		expect(ann.notes).toContain(`you have not joined room ${other}: /join ${other}`);
		expect(times(ann, new RegExp(`room ${other} `))).toBe(0);
	});

	test('take a room by its name, under any spelling, and tell it so', async () => {
		const [annName, bobName, room] = [newName('ann'), newName('bob'), newName('Big talk ')];
		const ann = newcomer(annName, '--room', room);
		await ann.printed(new RegExp(`^joined #${room}, 1 here: ${annName}$`));
		const bob = newcomer(bobName);
		bob.type(`/join #${room.toUpperCase()}`, 'hello', '/rooms');
		await bob.printed(new RegExp(`^\\* #${room} .*: hello$`));
		await ann.printed(new RegExp(`${bobName}  hello$`));
		bob.type(`/leave ${room}`, `/room ${room}`, '/leave nowhere', `/join ${'x'.repeat(51)}`);
		await quitFailed(bob);
		await quit(ann);
		expect(bob.notes.slice(-4)).toEqual([
			`left #${room}`,
			`you have not joined #${room}: /join ${room}`,
			'you have not joined #nowhere: /join nowhere',
			expect.stringMatching(/^name: 1 to 50 letters/),
		]);
	});

	test('that cannot be done leave nobody to type to, so that nothing goes to whom it was not meant for', async () => {
		const [annName, room] = [newName('ann'), newRoom()];
		const ann = newcomer(annName, '--room', room);
		ann.type('for all', '/dm nobody-there', 'for one only');
		await quitFailed(ann);
		const { token } = await signIn({ api: server.apiUrl, name: annName, password });
		expect(await history(token, room)).toEqual(['for all']);
		expect(ann.notes.at(-1)).toMatch(/^to whom\?/);
	});

	test('that do not exist, lack something or name nobody are answered in one line', async () => {
		const ann = newcomer(newName('ann'));
		ann.type('/joim 7', '/join', '/join 0', '/history 0', '/dm nobody-there', '/members', '/leave', '/constructor');
		await quitFailed(ann);
		expect(ann.notes.filter((note) => !note.startsWith('conn'))).toEqual([
			'there is no /joim; did you mean /join? (/help lists all)',
			'usage: /join ROOM',
			'usage: /join ROOM',
			'usage: /history [20]',
			'no such user',
			'of what? /join 1 enters a room, /dm NAME a direct conversation',
			'which room? /leave 7',
			'there is no /constructor (/help lists all)',
		]);
		expect(ann.lines).toEqual([]);
	});
});

describe('a connection that is lost', () => {
	test('is told in words; what is typed meanwhile waits, and arrives once', async () => {
		const [annName, bobName, room] = [newName('ann'), newName('bob'), newRoom()];
		const [ann, bob] = [newcomer(annName, '--room', room), newcomer(bobName, '--room', room)];
		await Promise.all([ann.printed(/joined/), bob.printed(/joined/)]);
		ann.type('before');
		await bob.printed(/before/);
		await server.node.kill();
		await Promise.all([ann.printed(/^offline, trying again$/), bob.printed(/^offline/)]);
		ann.type('meanwhile', '/rooms', 'and more');
		await ann.printed(/^waits: and more$/);
		expect(ann.notes).toContain('waits: meanwhile');
		expect(ann.notes).toContain('no connection at the moment: try again when it is back');
		await server.node.start();
		await Promise.all([ann.printed(/^back, caught up$/, 30_000), bob.printed(/^back, caught up$/, 30_000)]);
		await bob.printed(/and more/);
		ann.type('after');
		await Promise.all([ann.printed(/after/), bob.printed(/after/)]);
		await quitFailed(ann);
		await quit(bob);
		for (const { lines } of [ann, bob]) {
			expect(lines.map((line) => line.slice(6))).toEqual(
				['before', 'meanwhile', 'and more', 'after'].map((body) => `${annName}  ${body}`),
			);
		}
		for (const { notes } of [ann, bob]) expect(notes.filter((note) => note.startsWith('offline'))).toHaveLength(1);
	}, 60_000);

	test('at the end of the input: what cannot be sent in time is told, kept in the state, and sent by the next start', async () => {
		const [annName, room] = [newName('ann'), newRoom()];
		const state = join(server.folder, `${annName}.json`);
		const ann = newcomer(annName, '--room', room, '--state', state);
		await ann.printed(/joined/);
		await server.node.kill();
		await ann.printed(/^offline/);
		ann.type('kept');
		await ann.printed(/^waits: kept/);
		const began = performance.now();
		ann.end();
		expect(await ann.exited).toBe(1);
		expect(performance.now() - began).toBeGreaterThan(9_000);
		expect(ann.notes.at(-1)).toBe(`tschat: not sent yet: 1 message, which ${state} keeps`);

		await server.node.start();
		const { token } = await signIn({ api: server.apiUrl, name: annName, password });
		const path = `/v2/conversations/room:${room}/messages`;
		await restClient(server.apiUrl, token)('POST', path, { body: 'while away' });
		const again = signedIn(annName, '--state', state);
		await quit(again);
		expect(again.lines.map((line) => line.replace(/^.* {2}/, ''))).toEqual(['while away', 'kept']);
		expect(await history(token, room)).toEqual(['while away', 'kept']);
		const other = signedIn('demo', '--state', state, '--password', '111111');
		expect(await other.exited).toBe(1);
		expect(other.notes.at(-1)).toBe(`tschat: ${state} is of another user: name another file with --state`);
	}, 60_000);
});

describe('what cannot begin ends with one line that names the remedy', () => {
	const refused = async (args: readonly string[], code: number, variables: Record<string, string> = env) => {
		const terminal = startTerminal(args, { env: variables });
		terminal.end();
		expect(await terminal.exited).toBe(code);
		expect(terminal.lines).toEqual([]);
		expect(terminal.notes).toHaveLength(1);
		return terminal.notes[0];
	};

	test('a wrong password', async () => {
		expect(await refused(['--url', server.apiUrl, '--user', 'demo'], 1)).toBe(
			'tschat: wrong name or password for demo: set TSCHAT_PASSWORD, or make the user with --register',
		);
	});

	test('a name that is taken, and one that cannot be', async () => {
		expect(await refused(['--url', server.apiUrl, '--user', 'demo', '--register'], 1)).toMatch(/without --register/);
		expect(await refused(['--url', server.apiUrl, '--user', 'a b', '--register'], 1)).toMatch(/name/);
	});

	test('a server that is not there', async () => {
		const url = `http://127.0.0.1:${await freePort()}`;
		expect(await refused(['--url', url, '--user', 'demo'], 1)).toBe(
			`tschat: no tschat answers at ${url}: start it, or name another with --url`,
		);
	});

	test('wrong usage', async () => {
		expect(await refused([], 2)).toMatch(/--user <name>/);
		expect(await refused(['--user', 'demo', '--room', '0'], 2)).toMatch(/A room is a number from 1 on, or a name/);
		expect(await refused(['--user', 'demo', '--url', 'localhost:7070'], 2)).toMatch(/http:\/\//);
		expect(await refused(['--user', 'demo'], 2, {})).toMatch(/set TSCHAT_PASSWORD/);
	});
});

test('many lines of a program are all sent, in order, however long that takes', async () => {
	const slow = await startEmbedded({ 'limits.frames_per_second': 80, 'limits.frames_burst': 100 });
	onTestFinished(() => slow.stop());
	const [annName, room] = [newName('ann'), newRoom()];
	const { token } = await register({ api: slow.apiUrl, name: annName, password });
	const ann = startTerminal(['--url', slow.apiUrl, '--user', annName, '--room', String(room)], { env });
	// More than the client lets wait, and more than the user may send in the time that is left for the last one.
	const bodies = Array.from({ length: 1300 }, (_, index) => String(index + 1));
	ann.type(...bodies);
	await quit(ann);
	const get = restClient(slow.apiUrl, token);
	const stored: string[] = [];
	for (let more = true; more; ) {
		const path = `/v2/conversations/room:${room}/messages?after=${stored.length}&limit=200`;
		const page = (await get('GET', path)).body as { items: { body: string }[]; more: boolean };
		stored.push(...page.items.map(({ body }) => body));
		more = page.more;
	}
	expect(stored).toEqual(bodies);
	expect(ann.lines.map((line) => line.split('  ').at(-1))).toEqual(bodies);
}, 90_000);

test('its password in the environment does not keep a server from starting', async () => {
	const node = startProcess(process.execPath, [join(root, 'dist', 'main.js'), '--check-config'], { env });
	expect(await node.exited).toBe(0);
});

describe('it ends', () => {
	test('on Ctrl-C with exit code 130', async () => {
		const ann = newcomer(newName('ann'));
		await ann.printed(/^connected$/);
		ann.signal('SIGINT');
		expect(await ann.exited).toBe(130);
	});

	test('on SIGTERM with exit code 143', async () => {
		const ann = newcomer(newName('ann'));
		await ann.printed(/^connected$/);
		ann.signal('SIGTERM');
		expect(await ann.exited).toBe(143);
	});

	test('with its session, however it ends, so that scripts leave none', async () => {
		const annName = newName('ann');
		const { token } = await register({ api: server.apiUrl, name: annName, password, device: 'laptop' });
		const ends: readonly ((ann: Terminal) => void)[] = [
			(ann) => ann.end(),
			(ann) => ann.type('/quit'),
			(ann) => ann.signal('SIGINT'),
			(ann) => ann.signal('SIGTERM'),
		];
		for (const end of ends) {
			const ann = signedIn(annName);
			await ann.printed(/^connected$/);
			const open = await listSessions({ api: server.apiUrl, token });
			expect(open.map(({ device }) => device).sort()).toEqual(['laptop', 'terminal']);
			end(ann);
			await ann.exited;
			const left = await listSessions({ api: server.apiUrl, token });
			expect(left.map(({ device }) => device)).toEqual(['laptop']);
		}
	});

	test('soon, though the server hangs', async () => {
		const ann = newcomer(newName('ann'));
		await ann.printed(/^connected$/);
		server.node.process.signal('SIGSTOP');
		try {
			const began = performance.now();
			ann.signal('SIGINT');
			expect(await ann.exited).toBe(130);
			expect(performance.now() - began).toBeLessThan(6_000);
		} finally {
			server.node.process.signal('SIGCONT');
		}
	});

	test('on /quit, and does nothing that was typed after it', async () => {
		const [annName, room] = [newName('ann'), newRoom()];
		const ann = newcomer(annName, '--room', room);
		ann.type('said', '/quit', 'never said');
		expect(await ann.exited).toBe(0);
		const { token } = await signIn({ api: server.apiUrl, name: annName, password });
		expect(await history(token, room)).toEqual(['said']);
	});

	test('when its session ends', async () => {
		const annName = newName('ann');
		const { token } = await register({ api: server.apiUrl, name: annName, password });
		const ann = signedIn(annName);
		await ann.printed(/^connected$/);
		await restClient(server.apiUrl, token)('DELETE', '/v2/sessions');
		expect(await ann.exited).toBe(1);
		expect(ann.notes.at(-1)).toMatch(/^tschat: signed out by the server .*: start again to sign in$/);
	});
});

test('in a terminal it has a prompt, shows what was typed once, and never the password', async () => {
	const [annName, room] = [newName('ann'), newRoom()];
	await register({ api: server.apiUrl, name: annName, password });
	const args = ['--url', server.apiUrl, '--user', annName, '--room', String(room)];
	const ann = startTerminal(args, { env: { TERM: 'xterm' }, pseudo: true });
	await ann.printed(new RegExp(`password of ${annName}: `));
	ann.press(`${password}\r`);
	await ann.printed(new RegExp(`room ${room}\x1b\\[39m> `));
	ann.press('hello\r');
	// Up to the line that was entered, and clear it; the accepted message is printed instead.
	await ann.printed(new RegExp(`hello\r+\n\x1b\\[1A\x1b\\[1G\x1b\\[0J.*\\d\\d:\\d\\d.*${annName}.*  hello\r+\n`, 's'));
	ann.press('not sent');
	await ann.printed(/not sent/);
	// What others say comes above what is being typed.
	const { token } = await signIn({ api: server.apiUrl, name: annName, password });
	await restClient(server.apiUrl, token)('POST', `/v2/conversations/room:${room}/messages`, { body: 'elsewhere' });
	await ann.printed(new RegExp(`elsewhere\r+\n\x1b\\[1G\x1b\\[0J\x1b\\[36mroom ${room}\x1b\\[39m> not sent`));
	ann.press('\x03');
	expect(await ann.exited).toBe(130);
	expect(ann.raw()).not.toContain(password);
});
