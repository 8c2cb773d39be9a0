import { copyFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import pg from 'pg';
import type { KeyPair } from './certificates.ts';
import { asSystemUser, type DatabaseServer, RestartableProcess } from './database-server.ts';
import { freePort, startProcess, temporaryFolder } from './processes.ts';

/** Debian keeps the server's programs out of PATH, in a folder for each version. */
const program = (name: string): string => {
	const root = '/usr/lib/postgresql';
	const version = readdirSync(root).sort((a, b) => Number(b) - Number(a))[0];
	if (version === undefined) throw new Error(`no PostgreSQL in ${root}`);
	return join(root, version, 'bin', name);
};

/** Has it find the certificate where it looks for one; the key must be its user's own. */
const secure = ({ cert, key }: KeyPair, data: string, { user }: { user?: string }): void => {
	for (const [file, name] of [
		[cert, 'server.crt'],
		[key, 'server.key'],
	] as const) {
		copyFileSync(file, join(data, name));
		if (user !== undefined) asSystemUser(user, join(data, name));
	}
};

export const startPostgres = async ({
	tls,
	password = 'secret',
}: {
	/** Takes TLS too, with this certificate. */
	tls?: KeyPair;
	/** In the URLs; the server asks nobody for one. */
	password?: string;
} = {}): Promise<DatabaseServer> => {
	const folder = temporaryFolder('postgres');
	const port = await freePort();
	const options = asSystemUser('postgres', folder.path);
	const data = join(folder.path, 'data');
	const init = startProcess(
		program('initdb'),
		['-D', data, '-U', 'tschat', '-A', 'trust', '-E', 'UTF8', '--locale=C', '--no-sync'],
		options,
	);
	if ((await init.exited) !== 0) throw new Error(`initdb failed\n${init.output()}`);

	const ssl = tls === undefined ? [] : ['ssl=on'];
	const settings = [...ssl, 'listen_addresses=127.0.0.1', `port=${port}`, 'unix_socket_directories=', 'fsync=off'];
	if (tls !== undefined) secure(tls, data, options);
	const args = ['-D', data, ...settings.flatMap((setting) => ['-c', setting])];
	const server = new RestartableProcess([program('postgres'), args, options], /ready to accept connections/);
	await server.start();

	const urlOf = (database: string) => `postgres://tschat:${password}@127.0.0.1:${port}/${database}`;
	let databases = 0;
	return {
		port,
		createDatabase: async () => {
			const name = `tschat_${++databases}`;
			const client = new pg.Client({ connectionString: urlOf('postgres') });
			await client.connect();
			await client.query(`create database ${name}`);
			await client.end();
			return urlOf(name);
		},
		start: () => server.start(),
		stop: () => server.stop('SIGINT'),
		pause: () => server.signalAll('SIGSTOP'),
		resume: () => server.signalAll('SIGCONT'),
		remove: async () => {
			await server.stop('SIGQUIT');
			folder.remove();
		},
	};
};
