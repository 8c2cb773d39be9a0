const intervalMs = 200;
const answerMs = 5000;

/** Somebody who loads the page again and again, with where its API and sockets are, from whichever site takes the connection. */
export class Visitor {
	/** Why a page did not load, each time. */
	readonly failures: string[] = [];
	loaded = 0;
	readonly #site: string;
	#timer: NodeJS.Timeout | undefined;

	constructor(site: string) {
		this.#site = site;
	}

	start(): void {
		this.#timer = setInterval(() => void this.#load(), intervalMs);
	}

	stop(): void {
		clearInterval(this.#timer);
	}

	async #load(): Promise<void> {
		try {
			const page = await fetch(this.#site, { signal: AbortSignal.timeout(answerMs) });
			const text = await page.text();
			if (page.status !== 200 || !text.includes('</html>')) throw new Error(`${page.status} ${text.slice(0, 100)}`);
			this.loaded += 1;
		} catch (error) {
			const { message, cause } = error as Error;
			this.failures.push(`${message} ${cause ?? ''}`);
		}
	}
}
