import type { RouteChange, RoutePublisher } from '../ports/route-directory.ts';
import type { FeedKey } from '../protocol/logs.ts';
import type { UserRef } from '../protocol/message.ts';
import type { Logger } from '../runtime/logger.ts';
import type { Feed } from './feed.ts';

interface Options {
	readonly publisher: () => RoutePublisher;
	readonly feed: (key: FeedKey) => Feed | undefined;
	/** Told which entries readers of the directory see from now on. */
	readonly onWritten: (changes: readonly RouteChange[]) => void;
	readonly logger: Logger;
}

const retryMs = 500;

/**
 * Tells the route directory who reads what here. Changes are written in the background, in batches; what is written is
 * the truth at that moment, so a change that failed or was overtaken is simply written again.
 */
export class RouteSync {
	readonly #options: Options;
	#changed = new Map<string, { key: FeedKey; user: UserRef }>();
	#running = false;
	#timer: NodeJS.Timeout | undefined;
	#stopped = false;

	constructor(options: Options) {
		this.#options = options;
	}

	/** A user began or ceased to read a feed here. */
	changed(key: FeedKey, user: UserRef): void {
		this.#changed.set(`${key} ${user.id}`, { key, user });
		if (this.#running || this.#timer !== undefined || this.#stopped) return;
		this.#running = true;
		setImmediate(() => void this.#write());
	}

	stop(): void {
		this.#stopped = true;
		clearTimeout(this.#timer);
	}

	async #write(): Promise<void> {
		while (this.#changed.size > 0 && !this.#stopped) {
			const batch = this.#changed;
			this.#changed = new Map();
			const changes = Array.from(batch.values(), ({ key, user }) => ({
				key,
				user,
				present: this.#options.feed(key)?.users.has(user.id) ?? false,
			}));
			try {
				await this.#options.publisher().apply(changes);
			} catch (error) {
				this.#options.logger.debug({ err: error }, 'routes not written yet');
				for (const [name, change] of batch) if (!this.#changed.has(name)) this.#changed.set(name, change);
				this.#retryLater();
				break;
			}
			this.#options.onWritten(changes);
		}
		this.#running = false;
	}

	#retryLater(): void {
		if (this.#stopped) return;
		this.#timer = setTimeout(() => {
			this.#timer = undefined;
			this.#running = true;
			void this.#write();
		}, retryMs);
	}
}
