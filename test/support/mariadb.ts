import { copyFileSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { createConnection } from 'mysql2/promise';
import type { KeyPair } from './certificates.ts';
import { asSystemUser, type DatabaseServer, RestartableProcess } from './database-server.ts';
import { freePort, startProcess, temporaryFolder } from './processes.ts';

/** Where the server's user can read them. */
const secure = ({ cert, key }: KeyPair, folder: string): readonly string[] =>
	[
		['--ssl-cert', cert],
		['--ssl-key', key],
	].map(([option, file = '']) => {
		const copy = join(folder, basename(file));
		copyFileSync(file, copy);
		return `${option}=${copy}`;
	});

export const startMariadb = async ({
	tls,
}: {
	/** Takes nothing but TLS, with this certificate. */
	tls?: KeyPair;
} = {}): Promise<DatabaseServer> => {
	const folder = temporaryFolder('mariadb');
	const port = await freePort();
	const data = join(folder.path, 'data');
	const setup = join(folder.path, 'setup.sql');
	writeFileSync(
		setup,
		"create user if not exists tschat@'%' identified by 'secret';\ngrant all on *.* to tschat@'%';\n",
	);
	const ssl = tls === undefined ? [] : ['--require-secure-transport=on', ...secure(tls, folder.path)];
	const options = asSystemUser('mysql', folder.path);
	const init = startProcess(
		'mariadb-install-db',
		['--no-defaults', `--datadir=${data}`, '--skip-test-db', '--auth-root-authentication-method=normal'],
		options,
	);
	if ((await init.exited) !== 0) throw new Error(`mariadb-install-db failed\n${init.output()}`);

	const args = [
		'--no-defaults',
		`--datadir=${data}`,
		`--port=${port}`,
		'--bind-address=127.0.0.1',
		`--socket=${join(folder.path, 'socket')}`,
		`--pid-file=${join(folder.path, 'pid')}`,
		`--init-file=${setup}`,
		'--skip-name-resolve',
		'--innodb-flush-log-at-trx-commit=2',
		...ssl,
	];
	const server = new RestartableProcess(['mariadbd', args, options], /ready for connections/);
	await server.start();

	const urlOf = (database: string) => `mysql://tschat:secret@127.0.0.1:${port}/${database}`;
	let databases = 0;
	return {
		port,
		createDatabase: async () => {
			const name = `tschat_${++databases}`;
			const unchecked = tls !== undefined && { ssl: { rejectUnauthorized: false } };
			const connection = await createConnection({ uri: urlOf('mysql'), ...unchecked });
			await connection.query(`create database ${name}`);
			await connection.end();
			return urlOf(name);
		},
		start: () => server.start(),
		stop: () => server.stop('SIGTERM'),
		pause: () => server.signalAll('SIGSTOP'),
		resume: () => server.signalAll('SIGCONT'),
		remove: async () => {
			await server.stop('SIGKILL');
			folder.remove();
		},
	};
};
