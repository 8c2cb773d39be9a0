import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Cluster, type Embedded, startCluster, startEmbedded } from '../support/cluster.ts';
import { tokenOf } from '../support/gochat-client.ts';
import { freePort } from '../support/processes.ts';
import { startTerminal } from '../support/terminal.ts';
import { tschatWebSocketClient } from '../support/tschat-client.ts';

/** Runs `tschat top` to its end; its code and what it printed. */
const top = async (...args: string[]) => {
	const terminal = startTerminal(args, { command: 'top' });
	const code = await terminal.exited;
	return { code, lines: [...terminal.lines], notes: [...terminal.notes] };
};

describe('tschat top', () => {
	let cluster: Cluster;
	let discovery: string;
	beforeAll(async () => {
		cluster = await startCluster({ connectWs: 1, connectTcp: 0, logic: 2, task: 1 });
		discovery = `etcd.hosts=${cluster.etcd.url}`;
	});
	afterAll(() => cluster.stop());

	test('--once prints a line for each instance that etcd knows, and the sums above', async () => {
		const client = await tschatWebSocketClient(cluster.wsUrls[0] ?? '', {
			token: await tokenOf(cluster.apiUrl, 'ann'),
		});
		const { code, lines, notes } = await top('--once', '--set', discovery);
		expect([code, notes]).toEqual([0, []]);
		expect(lines[0]).toMatch(/^tschat {2}\S+ {2}5 instances, all ready$/);
		expect(lines[1]).toMatch(/^connections 1 {2}users 1 {2}accepted \S+\/s .* queue 0 \(/);
		const rows = lines.slice(4).filter((line) => line !== '');
		expect(rows.map((line) => line.split(' ')[0])).toEqual(['api', 'connect-ws', 'logic', 'logic', 'task']);
		for (const row of rows) expect(row).toMatch(/ \d+s +yes .* [\d.]+ms +[\d.]+M +\d+%$/);
		expect(lines.join('\n')).not.toContain('\x1b');
		client.close();
	});

	test('--json prints the same as data; what is not there is null', async () => {
		const { code, lines } = await top('--once', '--json', '--interval', '0.3', '--set', discovery);
		expect(code).toBe(0);
		expect(lines).toHaveLength(1);
		const { totals, rows } = JSON.parse(lines[0] ?? '');
		expect(totals).toMatchObject({ instances: 5, ready: 5, queue: 0, deliveryP99: null });
		expect(rows[1]).toMatchObject({ service: 'connect-ws', ready: true, in: expect.any(Number), queue: null });
		for (const row of rows) expect(row).toMatchObject({ memory: expect.any(Number), processor: expect.any(Number) });
	});

	test('a process that hangs is shown as one that does not answer', async () => {
		const hung = cluster.nodes('task')[0]?.process;
		hung?.signal('SIGSTOP');
		const { code, lines } = await top('--once', '--interval', '0.3', '--set', discovery);
		hung?.signal('SIGCONT');
		expect(code).toBe(0);
		expect(lines[0]).toContain('1 NOT READY');
		expect(lines.find((line) => line.startsWith('task'))).toContain('NO ANSWER');
	});
});

describe('tschat top of one process', () => {
	let chat: Embedded;
	let admin: string;
	beforeAll(async () => {
		const port = await freePort();
		admin = `http://127.0.0.1:${port}`;
		chat = await startEmbedded({ 'admin.port': port });
	});
	afterAll(() => chat.stop());

	test('needs no discovery', async () => {
		const { code, lines } = await top('--once', '--admin', admin);
		expect(code).toBe(0);
		expect(lines[0]).toContain('6 instances, all ready');
		expect(lines.slice(4, 10).map((line) => line.split(' ')[0])).toEqual([
			'api',
			'connect-tcp',
			'connect-ws',
			'logic',
			'site',
			'task',
		]);
	});

	test('takes the address as a start prints it', async () => {
		const printed = /health +(\S+)/.exec(chat.node.process.output())?.[1] ?? '';
		expect(printed).toBe(`${admin}/readyz`);
		expect((await top('--once', '--interval', '0.2', '--admin', printed)).lines[0]).toContain('6 instances');
	});

	test('is found by its settings where etcd does not answer', async () => {
		const etcd = `etcd.hosts=http://127.0.0.1:${await freePort()}`;
		for (const host of ['127.0.0.1', '0.0.0.0']) {
			const settings = [etcd, `admin.host=${host}`, `admin.port=${new URL(admin).port}`];
			const { code, lines, notes } = await top(
				'--once',
				'--interval',
				'0.2',
				...settings.flatMap((one) => ['--set', one]),
			);
			expect([code, lines[0]]).toEqual([0, expect.stringContaining('6 instances, all ready')]);
			expect(notes).toEqual([expect.stringMatching(/cannot reach etcd at .*; this is the process at http:\S+ alone$/)]);
		}
	});

	test.each([
		['q', 'q'],
		['Ctrl-C', '\x03'],
	])('in a terminal it draws again and again until %s, and gives the terminal back', async (_, key) => {
		const terminal = startTerminal(['--interval', '0.2', '--admin', admin], { command: 'top', pseudo: true });
		await terminal.printed(/6 instances, all ready/);
		await terminal.printed(/(SERVICE[\s\S]*){3}/);
		terminal.press(key);
		expect(await terminal.exited).toBe(0);
		expect(terminal.raw().startsWith('\x1b[?1049h\x1b[?25l')).toBe(true);
		expect(terminal.raw().trimEnd().endsWith('\x1b[?25h\x1b[?1049l')).toBe(true);
	});
});

test('tschat top says in one line what is missing', async () => {
	const nobody = `http://127.0.0.1:${await freePort()}`;
	expect(await top('--once', '--interval', '0.2', '--admin', nobody)).toEqual({
		code: 1,
		lines: [],
		notes: [`tschat: nothing answers with metrics at ${nobody}`],
	});
	const { code, notes } = await top('--once', '--set', `etcd.hosts=${nobody}`);
	expect(code).toBe(1);
	const remedy = 'for one process give --admin URL, which npm start prints as "health"';
	const reason = `connect ECONNREFUSED ${new URL(nobody).host}`;
	const line = `tschat: cannot reach etcd at ${nobody} (${reason}): start it, or correct etcd.hosts; ${remedy}`;
	expect(notes).toEqual([line]);
	const stopped = ['--set', `etcd.hosts=${nobody}`, '--set', `admin.port=${new URL(nobody).port}`];
	expect(await top('--once', ...stopped)).toEqual({ code: 1, lines: [], notes: [line] });
	expect((await top('--interval', 'never')).code).toBe(2);
}, 20_000);
