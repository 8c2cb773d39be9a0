/** What the browser keeps for this page; where it keeps nothing (private windows, blocked storage), this page's life is all. */
const fallback = new Map<string, string>();

const kept = (key: string): string | undefined => {
	try {
		return fallback.get(key) ?? localStorage.getItem(key) ?? undefined;
	} catch {
		return fallback.get(key);
	}
};

/** The JSON value under a key; undefined when there is none, or one that cannot be read. */
export const loadValue = (key: string): unknown => {
	try {
		return JSON.parse(kept(key) ?? 'null') ?? undefined;
	} catch {
		return undefined;
	}
};

/** Keeps a JSON value; undefined removes it. */
export const saveValue = (key: string, value: unknown): void => {
	fallback.delete(key);
	try {
		if (value === undefined) localStorage.removeItem(key);
		else localStorage.setItem(key, JSON.stringify(value));
	} catch {
		if (value !== undefined) fallback.set(key, JSON.stringify(value));
	}
};
