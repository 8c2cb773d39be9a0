import { messageOfHistory, newRef } from './message.js';

const newestPage = 50;
const catchUpPage = 200;
const retryMs = 3_000;

/**
 * One conversation: its messages in the order of `seq`, each once, and what is being sent to it.
 * Messages may come late, twice or with gaps; what is missing is fetched from history. Tells each change as a `change` event.
 */
export class Conversation extends EventTarget {
	/** Oldest first, without gaps up to the last. */
	messages = [];
	/** Live messages that came before those between: waiting until these are fetched. */
	#early = [];
	/** `{ref, body, at, failure}`: not yet seen in the conversation. */
	outgoing = [];
	hasEarlier = false;
	/** Why history could not be loaded, or an empty string. */
	problem = '';
	#loaded = false;
	#catchingUp;
	#catchUpAgain;
	#catchUpTimer;
	/** Ends when all that was sent until now is answered. */
	#sending = Promise.resolve();

	/** `ownId` is the reader's user id; `loadPage(page)` gets history; `post(body, ref)` sends; `onError(error)` is told of failures. */
	constructor(key, { ownId, loadPage, post, onError }) {
		super();
		this.key = key;
		this.ownId = ownId;
		this.loadPage = loadPage;
		this.post = post;
		this.onError = onError;
	}

	/** Takes a live message. */
	receive(message) {
		this.#early.push(message);
		this.#takeEarly();
		if (this.#early.length > 0) this.catchUp();
	}

	/** Fetches what came after the last message, or the newest page at first. Tries again until it succeeds. */
	catchUp() {
		if (this.#catchingUp === undefined) {
			this.#catchingUp = this.#fetchMissing().finally(() => {
				this.#catchingUp = undefined;
			});
			return this.#catchingUp;
		}
		// The answer under way may not have what has been said since it was asked for.
		this.#catchUpAgain ??= this.#catchingUp.then(() => {
			this.#catchUpAgain = undefined;
			return this.catchUp();
		});
		return this.#catchUpAgain;
	}

	async loadEarlier() {
		const before = this.messages[0]?.seq;
		if (before === undefined) return;
		try {
			const { items, more } = await this.loadPage({ before, limit: newestPage });
			if (this.messages[0]?.seq !== before) return;
			this.messages.unshift(...items.map(messageOfHistory));
			this.hasEarlier = more;
			this.#changed();
		} catch (error) {
			this.#failed(error);
		}
	}

	/** Sends a text; until it appears in the conversation it is in `outgoing`. */
	send(body) {
		const entry = { ref: newRef(), body, at: new Date(), failure: '' };
		this.outgoing.push(entry);
		this.#changed();
		return this.#post(entry);
	}

	/** Sends a failed message again, with the same ref, so that it is one message in any case. */
	retry(entry) {
		entry.failure = '';
		this.#changed();
		return this.#post(entry);
	}

	/** One after the other, so that what one writes quickly arrives in that order. */
	#post(entry) {
		this.#sending = this.#sending.then(() => this.#postNow(entry));
		return this.#sending;
	}

	async #postNow(entry) {
		try {
			await this.post(entry.body, entry.ref);
			// Normally it has come over the socket by now, or is about to; if it does not, history has it.
			setTimeout(() => this.outgoing.includes(entry) && this.#settle(entry), 1_000);
		} catch (error) {
			entry.failure = error.message;
			this.#changed();
			this.onError(error);
		}
	}

	async #settle(entry) {
		await this.catchUp();
		this.outgoing = this.outgoing.filter((other) => other !== entry);
		this.#changed();
	}

	async #fetchMissing() {
		try {
			const after = this.messages.at(-1)?.seq;
			let page = await this.loadPage(this.#loaded && after ? { after, limit: catchUpPage } : { limit: newestPage });
			if (this.#loaded && after && page.more) {
				// Away for so long that the newest page is more useful; the rest is under "load earlier".
				page = await this.loadPage({ limit: newestPage });
				this.messages = [];
			}
			if (this.messages.length === 0) this.hasEarlier = page.more;
			this.#loaded = true;
			this.problem = '';
			this.#append(page.items.map(messageOfHistory));
			this.#takeEarly();
			// What is early still is newer than the page: the next look finds what lies between.
			if (this.#early.length > 0) this.#catchUpIn(100);
			this.#changed();
		} catch (error) {
			this.#failed(error);
			if (!error.sessionEnded) this.#catchUpIn(retryMs);
		}
	}

	#catchUpIn(ms) {
		clearTimeout(this.#catchUpTimer);
		this.#catchUpTimer = setTimeout(() => this.catchUp(), ms);
	}

	#takeEarly() {
		if (!this.#loaded) return;
		this.#early.sort((one, other) => one.seq - other.seq);
		const next = () => (this.messages.at(-1)?.seq ?? 0) + 1;
		while (this.#early.length > 0 && this.#early[0].seq <= next()) this.#append([this.#early.shift()]);
		this.#changed();
	}

	#append(messages) {
		for (const message of messages) {
			if (message.seq <= (this.messages.at(-1)?.seq ?? 0)) continue;
			this.messages.push(message);
			const sent = this.outgoing.findIndex(({ body }) => message.fromId === this.ownId && body === message.body);
			if (sent >= 0) this.outgoing.splice(sent, 1);
		}
	}

	#failed(error) {
		this.problem = `History could not be loaded: ${error.message}.`;
		this.#changed();
		this.onError(error);
	}

	#changed() {
		this.dispatchEvent(new Event('change'));
	}
}
