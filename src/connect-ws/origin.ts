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
