import type { BenchUser, DialectName, HttpPost } from '../targets/target.ts';

/** A connection that counts what it gets. */
export interface ReaderPlan {
	/** As the target names it; a dialect adds what belongs to itself. */
	readonly url: string;
	readonly dialect: DialectName;
	readonly user: BenchUser;
	/** 0 for no room, where only direct messages come; gochat's protocol needs one, for nothing else tells that it has let a client in. */
	readonly roomId: number;
}

/** A connection of protocol v2 that sends to a conversation. */
export interface SocketRoute {
	readonly url: string;
	readonly user: BenchUser;
	readonly conv: string;
}

interface Rate {
	/** Messages a second in all, at equal distances. */
	readonly rate: number;
	readonly seconds: number;
	/** Most unanswered ones in each sender process; 256 unless told. */
	readonly window?: number;
	/** The length of each body, at least 28; 100 unless told. */
	readonly bodyBytes?: number;
	/** The number of the first message; 0 unless told. */
	readonly firstIndex?: number;
}

/** Message `index` takes the route `index % routes.length`. */
export type SendPlan = Rate &
	(
		| { readonly http: string; readonly posts: readonly ((body: string) => HttpPost)[] }
		| { readonly sockets: readonly SocketRoute[] }
	);
