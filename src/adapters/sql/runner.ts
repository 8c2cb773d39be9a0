import { setTimeout as delay } from 'node:timers/promises';
import type { Kysely } from 'kysely';
import { ChatError } from '../../protocol/errors.ts';
import type { Metrics } from '../../runtime/metrics/metrics.ts';
import { inTransaction } from './in-transaction.ts';
import type { SqlDialect } from './sql-dialect.ts';
import type { Tables } from './tables.ts';

/** How long conflicts with other transactions are retried, in milliseconds. */
const patienceMs = 5000;

/** What went wrong with a try: the database did not answer, another transaction was in the way, or it refused. */
type Trouble = 'unavailable' | 'conflict' | 'failed';

/** Counts what goes wrong, for `Runner`. */
export const countErrors = (metrics: Metrics | undefined): ((trouble: Trouble) => void) => {
	if (metrics === undefined) return () => {};
	const count = (kind: Trouble) => metrics.counter('tschat_store_errors_total', { kind });
	const counts = { unavailable: count('unavailable'), conflict: count('conflict'), failed: count('failed') };
	return (trouble) => counts[trouble]();
};

type Work<T> = (db: Kysely<Tables>) => Promise<T>;

/** Runs work on the database: retries what another transaction was in the way of, and turns outages into `ChatError('unavailable')`. */
export class Runner {
	readonly #db: Kysely<Tables>;
	readonly #dialect: SqlDialect;
	readonly #onTrouble: (trouble: Trouble) => void;

	constructor(db: Kysely<Tables>, dialect: SqlDialect, onTrouble: (trouble: Trouble) => void = () => {}) {
		this.#db = db;
		this.#dialect = dialect;
		this.#onTrouble = onTrouble;
	}

	/** For work of which each statement may be repeated alone. */
	async run<T>(work: Work<T>): Promise<T> {
		return this.#retrying(() => work(this.#db), this.#dialect.isConflict);
	}

	/** One transaction; all of it is repeated on a conflict, and also when `uniqueViolation` says so. Always ended when it resolves. */
	async transaction<T>(work: Work<T>, options?: { retryUniqueViolations: boolean }): Promise<T> {
		const dialect = this.#dialect;
		const mayRetry = (error: unknown) =>
			dialect.isConflict(error) || (options?.retryUniqueViolations === true && dialect.isUniqueViolation(error));
		// Each try takes a connection of its own, so that others can use it while this one waits.
		return this.#retrying(() => this.#db.connection().execute((db) => inTransaction(db, dialect, work)), mayRetry);
	}

	/** Undefined when the work would repeat a unique value. */
	async unlessTaken<T>(work: Work<T>): Promise<T | undefined> {
		try {
			return await this.run(work);
		} catch (error) {
			if (this.#dialect.isUniqueViolation(error)) return undefined;
			throw error;
		}
	}

	async close(): Promise<void> {
		await this.#db.destroy();
	}

	async #retrying<T>(attempt: () => Promise<T>, mayRetry: (error: unknown) => boolean): Promise<T> {
		const end = performance.now() + patienceMs;
		for (;;) {
			try {
				return await attempt();
			} catch (error) {
				if (!mayRetry(error)) throw this.#shown(error);
				this.#onTrouble('conflict');
				if (performance.now() > end)
					throw new ChatError('unavailable', 'the database is busy, try again', { cause: error });
			}
			// Random, so that two that collided do not collide again.
			await delay(1 + Math.random() * 4);
		}
	}

	#shown(error: unknown): unknown {
		if (error instanceof ChatError) {
			// A pool says so itself of connections that it lost, or did not get.
			if (error.key === 'unavailable') this.#onTrouble('unavailable');
			return error;
		}
		const unavailable = this.#dialect.isUnavailable(error);
		// A value that is there already is an answer, and no trouble.
		if (!this.#dialect.isUniqueViolation(error)) this.#onTrouble(unavailable ? 'unavailable' : 'failed');
		if (!unavailable) return error;
		return new ChatError('unavailable', undefined, { cause: error });
	}
}
