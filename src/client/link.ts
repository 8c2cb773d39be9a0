import type { ClientFrameOf, ClientFrameV2 } from '../protocol/v2/client-frames.ts';
import type { ServerFrameOf, ServerFrameV2 } from '../protocol/v2/server-frames.ts';
import { type BackoffOptions, backoffDelay } from './backoff.ts';
import { TschatError, toTschatError } from './errors.ts';
import { Heartbeat } from './heartbeat.ts';
import type { WebSocketConstructor } from './hosts.ts';
import type { Servers } from './servers.ts';
import { type Ending, Socket } from './socket.ts';
import type { Wire } from './wire.ts';

/** Where a client stands: `resuming` is connected, but not told yet all that was missed; `offline` waits to try again. */
export type ChatState = 'connecting' | 'resuming' | 'online' | 'offline' | 'closed';

interface Parts {
	readonly WebSocket: WebSocketConstructor;
	readonly servers: Servers;
	readonly backoff: BackoffOptions;
	/** How long a server may take to accept a connection and to say welcome, when it is the last one to try. */
	readonly timeoutMs: number;
	readonly hello: () => ClientFrameOf<'hello'>;
	readonly changed: (state: ChatState) => void;
	readonly welcomed: (welcome: ServerFrameOf<'welcome'>) => void;
	readonly received: (frame: ServerFrameV2) => void;
	/** An attempt failed; the next one follows. */
	readonly failed: (error: TschatError) => void;
	/** The server said not to come back. */
	readonly refused: (error: TschatError) => void;
}

/** A connection that lasted so long was a good one: the next failure is the first. */
const steadyMs = 10_000;
/** No server may take longer to say welcome while there is another one to try: it may hang. */
const longestMs = 5000;
const firstStopCode = 4500;

/** Keeps one connection, and makes a new one whenever it is lost, until it is stopped or told not to come back. */
export class Link implements Wire {
	readonly #parts: Parts;
	readonly #abort = new AbortController();
	#state: ChatState = 'connecting';
	#failures = 0;
	#pings = 0;
	/** The present connection, welcomed or not. */
	#socket: Socket | undefined;
	#heartbeat: Heartbeat | undefined;
	#skipPause: (() => void) | undefined;
	/** The servers that left the client without an answer when it last had to do with them. */
	readonly #silent = new Set<string>();
	#running: Promise<void> = Promise.resolve();

	constructor(parts: Parts) {
		this.#parts = parts;
	}

	get state(): ChatState {
		return this.#state;
	}

	get pings(): number {
		return this.#pings;
	}

	get open(): boolean {
		return this.#state === 'resuming' || this.#state === 'online';
	}

	start(): void {
		this.#running = this.#run();
	}

	send(frame: ClientFrameV2): void {
		if (!this.open) return;
		this.#socket?.send(frame);
	}

	/** Everything that was missed has come. */
	resumed(): void {
		if (this.#state === 'resuming') this.#enter('online');
	}

	/** Gives up the present connection for a new one: this one has lost something. */
	renew(reason: string): void {
		this.#socket?.drop(reason);
	}

	/** Tries again now instead of after the wait. */
	retryNow(): void {
		this.#skipPause?.();
	}

	/** Its owner tells of it. Resolves when the connection is closed and nothing is left that keeps a process alive. */
	async stop(): Promise<void> {
		this.#abort.abort();
		this.#state = 'closed';
		this.#socket?.close();
		this.#skipPause?.();
		await this.#running;
	}

	get #stopped(): boolean {
		return this.#abort.signal.aborted;
	}

	#enter(state: ChatState): void {
		if (this.#state === 'closed' || this.#state === state) return;
		this.#state = state;
		this.#parts.changed(state);
	}

	async #run(): Promise<void> {
		while (!this.#stopped) {
			this.#enter('connecting');
			const ending = await this.#connect();
			if (this.#stopped) return;
			const { code, reason } = ending;
			if (code >= firstStopCode) {
				this.#parts.refused(new TschatError('stopped', `the server closed with ${code}: ${reason}`));
				return;
			}
			this.#failures += 1;
			this.#enter('offline');
			this.#parts.failed(new TschatError('unreachable', `connection lost: ${code} ${reason}`, { retryable: true }));
			if (!this.#stopped) await this.#pause(ending.delay ?? backoffDelay(this.#failures, this.#parts.backoff));
		}
	}

	#pause(ms: number): Promise<void> {
		return new Promise((resolve) => {
			const timer = setTimeout(resolve, ms);
			this.#skipPause = () => {
				clearTimeout(timer);
				resolve();
			};
		});
	}

	/** Tries the servers in turn, until one has said welcome; how that connection ended, or the last attempt. */
	async #connect(): Promise<Ending> {
		let ending: Ending = { code: 0, reason: 'no server is known' };
		try {
			const urls = this.#silentLast(await this.#parts.servers(this.#abort.signal));
			const { timeoutMs } = this.#parts;
			for (const [index, url] of urls.entries()) {
				if (this.#stopped) break;
				const isLast = index === urls.length - 1;
				const { welcomed, ...end } = await this.#attempt(url, isLast ? timeoutMs : Math.min(timeoutMs, longestMs));
				ending = end;
				if (welcomed || end.code >= firstStopCode) break;
			}
		} catch (error) {
			const { message, retryAfter } = toTschatError(error, 'unreachable');
			return { code: 0, reason: message, delay: retryAfter };
		}
		return ending;
	}

	/** To wait for one that hangs costs time, which one that refuses does not. */
	#silentLast(urls: readonly string[]): string[] {
		const isSilent = (url: string) => this.#silent.has(url);
		return [...urls.filter((url) => !isSilent(url)), ...urls.filter(isSilent)];
	}

	#attempt(url: string, timeoutMs: number): Promise<Ending & { readonly welcomed: boolean }> {
		return new Promise((resolve) => {
			let welcomedAt: number | undefined;
			let timer: ReturnType<typeof setTimeout> | undefined;
			this.#silent.delete(url);
			const giveUp = (reason: string) => {
				this.#silent.add(url);
				this.#socket?.drop(reason);
			};
			const ended = (ending: Ending) => {
				clearTimeout(timer);
				this.#heartbeat?.stop();
				this.#heartbeat = undefined;
				this.#socket = undefined;
				if (welcomedAt !== undefined && performance.now() - welcomedAt >= steadyMs) this.#failures = 0;
				resolve({ ...ending, welcomed: welcomedAt !== undefined });
			};
			const received = (frame: ServerFrameV2) => {
				this.#heartbeat?.heard();
				if (this.#stopped) return;
				if (frame.type === 'welcome') {
					clearTimeout(timer);
					welcomedAt = performance.now();
					this.#welcome(frame, giveUp);
				} else if (welcomedAt === undefined && frame.type !== 'error' && frame.type !== 'closing') {
					this.renew('the welcome was lost');
				} else {
					this.#parts.received(frame);
				}
			};
			try {
				const opened = () => socket.send(this.#parts.hello());
				const socket = new Socket(this.#parts.WebSocket, url, { opened, received, ended });
				this.#socket = socket;
				timer = setTimeout(() => giveUp(`${url} did not say welcome in time`), timeoutMs);
			} catch (error) {
				ended({ code: 0, reason: toTschatError(error, 'unreachable').message });
			}
		});
	}

	#welcome(frame: ServerFrameOf<'welcome'>, giveUp: (reason: string) => void): void {
		const socket = this.#socket;
		this.#heartbeat = new Heartbeat(frame.heartbeat, {
			ping: () => {
				this.#pings += 1;
				socket?.send({ type: 'ping', ref: String(this.#pings), heads: true });
			},
			dead: () => giveUp('the server fell silent'),
		});
		this.#enter('resuming');
		this.#parts.welcomed(frame);
	}
}
