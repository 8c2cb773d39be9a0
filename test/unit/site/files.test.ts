import { readdirSync, readlinkSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { eventually } from '../../support/eventually.ts';
import { askFrom, openFrom } from '../../support/raw-http.ts';
import { builtPage, startSite } from './support.ts';

const name = 'large-AbCdEfGh.js';
let page: Awaited<ReturnType<typeof builtPage>>;
let site: Awaited<ReturnType<typeof startSite>>;
beforeAll(async () => {
	page = await builtPage();
	// More than the kernel holds for a client that reads nothing.
	await writeFile(join(page.path, 'assets', name), 'x'.repeat(16_000_000));
	const limits = { http_request_burst: 10_000, http_unread_bytes_per_address: 400_000 };
	site = await startSite(page.path, { trustedProxies: '', limits });
});
afterAll(async () => {
	await site.stop();
	page.remove();
});

/** How often this process has the file open. */
const open = (): number =>
	readdirSync('/proc/self/fd').filter((file) => {
		try {
			return readlinkSync(`/proc/self/fd/${file}`).endsWith(name);
		} catch {
			return false;
		}
	}).length;

test.each([
	['refused', 3, 4],
	['asked for in a connection that is reset', 1, 5],
	['asked for in a connection that asks for too many', 1, 20],
])('files that are %s do not stay open', async (_what, connections, requests) => {
	const sockets = await Promise.all(
		Array.from({ length: connections }, async () => {
			const { socket } = await openFrom('127.0.0.9', site.url);
			socket.pause();
			socket.write(`GET /assets/${name} HTTP/1.1\r\nHost: x\r\n\r\n`.repeat(requests));
			return socket;
		}),
	);
	if (requests < 16) await eventually(() => expect(open()).toBeGreaterThan(0));
	if (connections > 1) {
		const refused = await askFrom('127.0.0.9', `${site.url}/assets/${name}`);
		expect(refused.status).toBe(503);
	}
	for (const socket of sockets) socket.resetAndDestroy();
	await eventually(() => expect(open()).toBe(0));
	expect((await askFrom('127.0.0.9', site.url)).status).toBe(200);
});
