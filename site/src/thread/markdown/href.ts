const schemes = new Set(['http:', 'https:', 'mailto:']);

/** What no address has: whitespace, control and format characters hide a scheme, or write a host backwards. */
const disguise = /[\s"<>\p{Cc}\p{Cf}]/u;

/** The address of a link that may be followed, in its normal form; undefined when it has to stay text. */
export const allowedHref = (written: string): string | undefined => {
	const href = /^www\./i.test(written) ? `http://${written}` : written;
	if (disguise.test(href) || !URL.canParse(href)) return undefined;
	const url = new URL(href);
	// A scheme alone leads nowhere; of http, URL would not have taken it.
	return schemes.has(url.protocol) && url.href !== url.protocol ? url.href : undefined;
};

const looksLikeAddress = /^\W*((?:https?:\/\/|www\.)\S+)/i;

/** Whether a link's text shows the address of another host than the one that it leads to. */
export const claimsAnother = (text: string, href: string): boolean => {
	const [, shown] = looksLikeAddress.exec(text) ?? [];
	if (shown === undefined) return false;
	const claimed = allowedHref(shown.replace(/[*_~`.,:;!?)\]]+$/, ''));
	return claimed === undefined || new URL(claimed).host !== new URL(href).host;
};
