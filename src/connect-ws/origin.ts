/**
 * Whether a browser may connect from an origin; clients that are no browsers send none. CORS does not cover WebSockets,
 * so this check is what keeps other sites' pages out.
 */
export const originCheck = (allowed: string): ((origin: string | undefined) => boolean) => {
	if (allowed.trim() === '*') return () => true;
	const origins = new Set(allowed.split(',').map((origin) => origin.trim().toLowerCase()));
	return (origin) => origin === undefined || origins.has(origin.toLowerCase());
};
