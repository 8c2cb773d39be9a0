import type { Logger } from '../runtime/logger.ts';

/** How often the log tells of refused origins, in ms: there may be as many as there are visitors. */
const toldEachMs = 60_000;
/** The rest of a long one tells nobody anything. */
const longestTold = 200;

/** Counts refused origins, and tells the log of one now and then: a page whose origin was forgotten shows only that it cannot connect. */
export const createOriginLog = (logger: Logger, count: () => void): ((origin: string) => void) => {
	let toldAt = Number.NEGATIVE_INFINITY;
	return (origin) => {
		count();
		const now = performance.now();
		if (now - toldAt < toldEachMs) return;
		toldAt = now;
		const told = { origin: origin.slice(0, longestTold) };
		logger.warn(told, 'a page was refused, since its origin is not in connect_ws.allowed_origins');
	};
};

/**
 * An origin as browsers send it (RFC 6454, 6.2): in lower case, without the scheme's own port. Undefined for what names none,
 * as `null`, which pages without an origin send: sandboxed frames of any site.
 */
const serialized = (origin: string): string | undefined => {
	if (!URL.canParse(origin)) return undefined;
	const { origin: known } = new URL(origin);
	// Of schemes that the standard does not know, as those of apps, it says nothing.
	return known === 'null' ? origin.toLowerCase().replace(/\/$/, '') : known;
};

/**
 * Whether a browser may connect from an origin; clients that are no browsers send none. CORS does not cover WebSockets,
 * so this check is what keeps other sites' pages out.
 */
export const originCheck = (allowed: string): ((origin: string | undefined) => boolean) => {
	if (allowed.trim() === '*') return () => true;
	const origins = new Set(allowed.split(',').map((origin) => serialized(origin.trim())));
	origins.delete(undefined);
	return (origin) => origin === undefined || origins.has(serialized(origin) ?? '');
};
