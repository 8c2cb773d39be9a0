/**
 * What measures inside the page, so that the way to this process is not part of any figure: a script that runs before the
 * page's own ones and leaves `probe`. Times are in milliseconds since the navigation began, or of the event.
 */
export const probeScript = `(() => {
	const online = new Set(['online', 'caught-up']);
	const shown = (selector) => {
		const element = document.querySelector(selector);
		if (element === null || !element.checkVisibility({ visibilityProperty: true })) return false;
		const { top, bottom } = element.getBoundingClientRect();
		return bottom > 0 && top < innerHeight;
	};
	/** Calls back when the next frame is drawn. */
	const drawn = (call) => requestAnimationFrame(() => {
		const { port1, port2 } = new MessageChannel();
		port1.onmessage = () => call(performance.now());
		port2.postMessage(null);
	});
	/** Resolves with the time when all of these can be seen; rejects when that takes too long. */
	const usable = (selectors, timeoutMs) => new Promise((resolve, reject) => {
		const end = performance.now() + timeoutMs;
		const look = () => {
			const missing = selectors.filter((selector) => !shown(selector));
			if (missing.length === 0) drawn(resolve);
			else if (performance.now() > end) reject(new Error('not to be seen: ' + missing + '; the page says: ' + document.body.innerText.slice(-500)));
			else requestAnimationFrame(look);
		};
		look();
	});
	const firstPaint = () => new Promise((resolve) => new PerformanceObserver((list) => {
		const [entry] = list.getEntriesByName('first-contentful-paint');
		if (entry !== undefined) resolve(entry.startTime);
	}).observe({ type: 'paint', buffered: true }));
	/** What was fetched until then. */
	const fetched = (until) => performance.getEntriesByType('resource')
		.filter(({ startTime }) => startTime < until)
		.map(({ name, encodedBodySize }) => ({ url: name, bytes: encodedBodySize }));

	/** Counts frames, and notes what the page shows in each, until it is stopped. */
	const watch = () => {
		const result = { frames: 0, ms: 0, longestMs: 0, lowest: Infinity, highest: 0, nodes: 0, states: [] };
		const states = new Set();
		const start = performance.now();
		let last = start;
		let stopped = false;
		const frame = () => {
			if (stopped) return;
			const now = performance.now();
			result.frames += 1;
			result.longestMs = Math.max(result.longestMs, now - last);
			last = now;
			const rows = document.querySelectorAll('[data-testid=message][data-seq]');
			if (rows.length > 0) {
				result.lowest = Math.min(result.lowest, Number(rows[0].dataset.seq));
				result.highest = Math.max(result.highest, Number(rows[rows.length - 1].dataset.seq));
			}
			if (result.frames % 10 === 0) result.nodes = Math.max(result.nodes, document.getElementsByTagName('*').length);
			states.add(document.querySelector('[data-testid=connection]')?.dataset.state ?? 'none');
			requestAnimationFrame(frame);
		};
		requestAnimationFrame(frame);
		return () => {
			stopped = true;
			return { ...result, ms: performance.now() - start, offline: [...states].filter((state) => !online.has(state)) };
		};
	};
	/** How long keys take until the frame is drawn that shows them, by own measure and by the browser's. */
	const keys = () => {
		const own = [];
		const told = [];
		addEventListener('keydown', ({ timeStamp }) => drawn((now) => own.push(now - timeStamp)), { capture: true });
		new PerformanceObserver((list) => {
			for (const { name, duration } of list.getEntries()) if (name === 'keydown') told.push(duration);
		}).observe({ type: 'event', durationThreshold: 16 });
		return () => ({ own, told });
	};
	globalThis.probe = { usable, firstPaint, fetched, watch, keys };
})()`;

/** The result of `probe.watch`. */
export interface Watched {
	readonly frames: number;
	readonly ms: number;
	/** Between two frames. */
	readonly longestMs: number;
	/** Of the messages in the document. */
	readonly lowest: number;
	readonly highest: number;
	/** Elements in the document, at most. */
	readonly nodes: number;
	/** States of the connection other than online. */
	readonly offline: readonly string[];
}

/** The result of `probe.keys`: each in milliseconds. The browser tells only those from 16 ms on, in steps of 8 ms. */
export interface KeyTimes {
	readonly own: readonly number[];
	readonly told: readonly number[];
}
