import type { StoreState } from '../../runtime/adapters-probes.ts';
import { cureOf, type Server } from '../../runtime/adapters-probes.ts';
import { hidePasswords } from '../../runtime/config-secrets.ts';
import { failureReason } from '../../runtime/failure-reason.ts';
import { type Check, isNeeded, subject } from '../examination.ts';
import { type Finding, fail, ok, warn } from '../finding.ts';

const slowMs = 50;
const fullBytes = 100e6;
const nearlyFullBytes = 1e9;

const migrations = ({ migrations: { empty, pending, unknown } }: StoreState): Finding => {
	if (unknown.length > 0) {
		const found = `made by a newer tschat (${unknown.join(', ')})`;
		return fail('store tables', found, 'run that version, or restore the backup of before the upgrade');
	}
	if (empty) return ok('store tables', 'none yet: the first start makes them');
	if (pending.length === 0) return ok('store tables', 'up to date');
	const found = `${pending.length} migrations to come (${pending.join(', ')})`;
	return warn('store tables', found, 'make a backup: the next logic that starts applies them');
};

const writing = ({ writeFailure, busy }: StoreState): Finding => {
	if (writeFailure === undefined) return ok('store write', 'it can be written');
	const reason = failureReason(writeFailure);
	return busy
		? warn('store write', `others write all the time (${reason})`, 'look at what they do, and ask again')
		: fail(
				'store write',
				`it cannot be written (${reason})`,
				'give the user of this process the right to write, or correct store.url',
			);
};

/** What is left on the disk of a SQLite file. */
export const diskFinding = (freeBytes: number): Finding => {
	const found = `${(freeBytes / 1e9).toFixed(1)} GB free`;
	if (freeBytes < fullBytes) return fail('store disk', found, 'make room: nothing can be sent when it is full');
	return freeBytes < nearlyFullBytes
		? warn('store disk', found, 'make room, or move the file')
		: ok('store disk', found);
};

const connections = ({ most, open }: NonNullable<StoreState['connections']>, poolSize: number): Finding => {
	const found = `${open} of ${most} connections are open; each logic opens up to ${poolSize}`;
	return most - open < poolSize
		? warn('store pool', found, 'raise max_connections of the database, or lower store.pool_size')
		: ok('store pool', found);
};

const serverOf = (url: string): Server => {
	if (url.startsWith('sqlite:')) return 'SQLite';
	return url.startsWith('postgres') ? 'PostgreSQL' : 'MariaDB/MySQL';
};

/** Reachable, made by no newer version, writable, with room. */
export const checkStore: Check = async (examination) => {
	if (!isNeeded(examination, 'store')) return [ok('store', `not used by ${subject(examination)}`)];
	const { store } = examination.config;
	let state: StoreState;
	try {
		state = await examination.probes.store();
	} catch (error) {
		const found = `cannot use ${hidePasswords(store.url)} (${failureReason(error)})`;
		return [fail('store', found, cureOf(serverOf(store.url), error))];
	}
	const database = state.database === null ? '' : `/${state.database}`;
	const found = `${state.name} at ${state.address}${database}${state.exists ? `, ${state.latencyMs.toFixed(1)} ms` : ', not there yet'}`;
	return [
		state.latencyMs > slowMs ? warn('store', found, 'put it nearer, or look at its load') : ok('store', found),
		migrations(state),
		writing(state),
		...(state.freeBytes === null ? [] : [diskFinding(state.freeBytes)]),
		...(state.connections === null ? [] : [connections(state.connections, store.pool_size)]),
	];
};
