import { execFile } from 'node:child_process';
import { mkdir, writeFile } from 'node:fs/promises';
import { type IncomingHttpHeaders, request } from 'node:http';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { StartedModule } from '../../../src/runtime/module.ts';
import { siteModuleOf } from '../../../src/site/module.ts';
import { temporaryFolder } from '../../support/processes.ts';
import { moduleContext } from './module-context.ts';

/** Longer than what is left uncompressed. */
export const script = `export const words = [${'"the page", '.repeat(400)}];\n`;
export const html =
	'<!doctype html><title>tschat</title><script type="module" src="/assets/index-Ab_12-cD.js"></script>';

/** What a build of the page leaves behind, small. */
export const builtPage = async (): Promise<{ path: string; remove(): void }> => {
	const folder = temporaryFolder('page');
	await mkdir(join(folder.path, 'assets'));
	const files = {
		'index.html': html,
		'favicon.svg': '<svg xmlns="http://www.w3.org/2000/svg"/>',
		'assets/index-Ab_12-cD.js': script,
		'assets/index-Zz0099xx.css': 'body{margin:0}',
		'assets/plain.js': script,
	};
	for (const [name, content] of Object.entries(files)) await writeFile(join(folder.path, name), content);
	await promisify(execFile)(process.execPath, ['scripts/compress-page.mjs', folder.path]);
	return folder;
};

export const startSite = async (
	folder: string,
	options: Parameters<typeof moduleContext>[0] = {},
): Promise<StartedModule & { readonly url: string }> => {
	const context = await moduleContext({ advertiseHost: '127.0.0.1', port: 7070, ...options });
	const started = await (await siteModuleOf(folder)(context)).start();
	return { ...started, url: started.publicUrl ?? '' };
};

export interface Answer {
	readonly status: number | undefined;
	readonly headers: IncomingHttpHeaders;
	readonly body: Buffer;
	readonly text: string;
}

/** The answer to a path that is sent as it is, with any Host header, and decoded by nobody. */
export const ask = (url: string, path: string, headers: Record<string, string> = {}, method = 'GET'): Promise<Answer> =>
	new Promise((resolve, reject) => {
		const { hostname, port } = new URL(url);
		const asked = request({ hostname, port, path, headers, method, agent: false }, (response) => {
			const parts: Buffer[] = [];
			response.on('data', (part: Buffer) => parts.push(part));
			response.on('error', reject);
			response.on('end', () => {
				const body = Buffer.concat(parts);
				resolve({ status: response.statusCode, headers: response.headers, body, text: body.toString() });
			});
		});
		asked.on('error', reject).end();
	});
