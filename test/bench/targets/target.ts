/** What a server and its clients speak: gochat's protocol, tschat's v2, Socket.IO's, or the frames of the bench's own bare server. */
export type DialectName = 'gochat' | 'v2' | 'socketio' | 'bare';

export interface BenchUser {
	readonly id: number;
	readonly name: string;
	readonly token: string;
}

/** A server's process; its figures are read from /proc. */
export interface BenchProcess {
	readonly name: string;
	readonly pid: number;
}

/** A POST request; a sender adds `host` and `content-length`. */
export interface HttpPost {
	readonly path: string;
	readonly headers: Readonly<Record<string, string>>;
	readonly body: string;
}

/** Something that is measured, while it runs. */
export interface RunningTarget {
	readonly name: string;
	/** The first is used unless the scenario wants another. */
	readonly dialects: readonly DialectName[];
	/** WebSocket URLs; clients are spread over them in turn. */
	readonly sockets: readonly string[];
	/** Base URL, without a slash at its end. */
	readonly http: string;
	/** So many users with sessions that hold; the same ones at each call. */
	users(count: number): Promise<readonly BenchUser[]>;
	/** A message to everybody in a room. */
	roomPost(from: BenchUser, roomId: number, body: string): HttpPost;
	/** A message to one user. */
	userPost(from: BenchUser, to: BenchUser, body: string): HttpPost;
	/** The servers' processes, redis-server and etcd among them. Empty for a target that somebody else runs. */
	processes(): readonly BenchProcess[];
	/** What a server has printed, by its name in `processes`, whether it still runs or not; absent where that is not known. */
	log?(process: string): string;
	/** Resolves when all processes are gone. */
	stop(): Promise<void>;
}

interface TargetOptions {
	/** Where it may keep its data; whoever starts it removes the folder. */
	readonly folder: string;
	/** How many servers hold sockets, where the target can have several. */
	readonly connectServers: number;
}

export interface TargetKind {
	readonly name: string;
	/** Of a server that somebody else runs: rejects with an `InvalidArgumentError` when it does not answer. Before anything is measured. */
	probe?(): Promise<void>;
	/** Resolves when it takes clients and messages. */
	start(options: TargetOptions): Promise<RunningTarget>;
}
