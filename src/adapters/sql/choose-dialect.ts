import { ChatError } from '../../protocol/errors.ts';
import type { Metrics } from '../../runtime/metrics/metrics.ts';
import type { SqlDialect } from './sql-dialect.ts';

export interface SqlStoreOptions {
	/** `sqlite:<path>` (made with its folder when missing), `postgres://…` or `mysql://…` (also `mariadb://`). */
	readonly url: string;
	/** Most connections; SQLite has one. */
	readonly poolSize: number;
	/** SQLite only: whether a commit survives a power cut. For a server its own settings decide. */
	readonly durability: 'process' | 'power';
	readonly metrics?: Metrics | undefined;
}

/** Only the chosen database's driver is loaded. */
export const chooseDialect = async ({ url, poolSize, durability }: SqlStoreOptions): Promise<SqlDialect> => {
	const scheme = url.slice(0, url.indexOf(':'));
	switch (scheme) {
		case 'sqlite':
			return (await import('./dialects/sqlite.ts')).sqlite(url.slice('sqlite:'.length), durability);
		case 'postgres':
		case 'postgresql':
			return (await import('./dialects/postgres.ts')).postgres(url, poolSize);
		case 'mysql':
		case 'mariadb':
			return (await import('./dialects/mysql.ts')).mysql(url, poolSize);
		default:
			throw new ChatError('bad-request', 'the store url must start with sqlite:, postgres:// or mysql://');
	}
};
