// The programs and addresses of each kind of database.
import { spawn } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';
import { resolve } from 'node:path';
import { BackupFailure } from './backup-failure.mjs';
import { findProgram } from './find-program.mjs';

const kinds = {
	sqlite: 'SQLite',
	postgres: 'PostgreSQL',
	postgresql: 'PostgreSQL',
	mysql: 'MariaDB/MySQL',
	mariadb: 'MariaDB/MySQL',
};

/** `SQLite`, `PostgreSQL` or `MariaDB/MySQL`. */
export const kindOf = (store) => {
	const kind = kinds[store.slice(0, store.indexOf(':'))];
	if (kind === undefined) throw new BackupFailure('the store must be sqlite:<path>, postgres://… or mysql://…', 2);
	return kind;
};

/** The path of the first of these programs that is installed. */
export const required = (...names) => {
	for (const name of names) {
		const program = findProgram(name);
		if (program !== undefined) return program;
	}
	throw new BackupFailure(`${names[0]} not found: install the client programs of the database`);
};

const stopSignals = ['SIGINT', 'SIGTERM', 'SIGHUP'];

/** Waits for the end of a program, and ends it when this one is to end, so that whoever waits can tidy up; its exit code. */
const ended = async (child) => {
	let signal;
	const stop = (name) => {
		signal = name;
		child.kill();
	};
	for (const name of stopSignals) process.on(name, stop);
	try {
		const code = await new Promise((resolve, reject) => child.once('error', reject).once('close', resolve));
		if (signal !== undefined) throw new BackupFailure(`stopped by ${signal}`);
		return code;
	} finally {
		for (const name of stopSignals) process.off(name, stop);
	}
};

/** Runs a program to its end; fails with the line of its complaint that tells the error. `files` are descriptors for stdin and stdout. */
export const run = async (program, args, env, files = {}) => {
	const child = spawn(program, args, {
		env: { ...process.env, ...env },
		stdio: [files.stdin ?? 'ignore', files.stdout ?? 'ignore', 'pipe'],
	});
	let complaint = '';
	child.stderr.setEncoding('utf8').on('data', (text) => {
		complaint = (complaint + text).slice(-4000);
	});
	const code = await ended(child);
	if (code === 0) return;
	const lines = complaint.trim().split('\n');
	throw new BackupFailure(
		lines.find((line) => /error|denied|fail/i.test(line)) ?? (lines.at(-1) || `${program} ended with ${code}`),
	);
};

/** Runs work with an open file, which is made for its owner alone. */
export const withFile = async (file, flags, use) => {
	const descriptor = openSync(file, flags, 0o600);
	try {
		return await use(descriptor);
	} finally {
		closeSync(descriptor);
	}
};

/** Arguments and environment of MariaDB's programs. The password goes by the environment: arguments can be read by everybody on the machine. */
export const mysqlOf = (store) => {
	const { hostname, port, username, password, pathname, searchParams } = new URL(store);
	// An IPv6 address has brackets in a URL only.
	const where = [`--host=${hostname.replace(/^\[|\]$/g, '')}`, `--port=${port || 3306}`, '--protocol=tcp'];
	const args = [...where, `--user=${decodeURIComponent(username)}`];
	// The driver takes either password, and this one first.
	const env = { MYSQL_PWD: searchParams.get('password') ?? decodeURIComponent(password) };
	return { args, database: decodeURIComponent(pathname.slice(1)), env };
};

/** The path of `sqlite:<path>`. */
export const sqlitePath = (store) => resolve(store.slice('sqlite:'.length));
