import type { Connected, ConnectOptions } from './load/connect-all.ts';
import type { Bench } from './peers.ts';
import type { BenchUser, DialectName } from './targets/target.ts';

export interface Place {
	readonly user: BenchUser;
	readonly roomId: number;
}

export const roomSize = 20;

/** In rooms of 20, from room 1 on. */
export const inRooms = (users: readonly BenchUser[]): Place[] =>
	users.map((user, index) => ({ user, roomId: 1 + Math.floor(index / roomSize) }));

/** What is asked for on the command line, or wanted, where the target speaks it; else its own. */
export const dialectOf = ({ target, options }: Bench, wanted?: DialectName): DialectName => {
	const [own = 'gochat'] = target.dialects;
	return [options.dialect, wanted].find((dialect) => dialect && target.dialects.includes(dialect)) ?? own;
};

interface JoinOptions extends ConnectOptions {
	readonly dialect?: DialectName;
	/** All of the target's unless told; clients are spread over them in turn. */
	readonly sockets?: readonly string[];
}

/** Connects a client for each place. Rejects when one of them is not let in: what is measured then would be less than it says. */
export const join = async (bench: Bench, places: readonly Place[], options: JoinOptions = {}): Promise<Connected> => {
	const { dialect = dialectOf(bench), sockets = bench.target.sockets, ...connect } = options;
	bench.progress(`connecting ${places.length.toLocaleString('en')} clients`);
	const plans = places.map((place, index) => ({ ...place, dialect, url: sockets[index % sockets.length] ?? '' }));
	// Who is thrown out of an overloaded server is back for the next measurement.
	const connected = await bench.load.connect(plans, { returnTo: sockets, ...connect });
	if (connected.errors > 0) {
		throw new Error(`${connected.errors} of ${plans.length} clients were not let in: ${connected.problem}`);
	}
	return connected;
};
