/** Where the API and the sockets are: told by the site module at run time, so that one build works under any name. */
export interface PageConfig {
	/** Base of the REST API. */
	readonly apiUrl: string;
	/** The WebSocket servers' common address; null: the API is asked for the servers that are alive. */
	readonly wsUrl: string | null;
}

const isText = (value: unknown): value is string => typeof value === 'string' && value !== '';

/** Asks the site for it. Rejects when it does not answer, or with something else. */
export const loadPageConfig = async (): Promise<PageConfig> => {
	// As index.html asks for it, before any script is there. The site forbids to keep it.
	const response = await fetch('/config.json');
	if (!response.ok) throw new Error(`/config.json: HTTP ${response.status}`);
	const { apiUrl, wsUrl } = (await response.json()) as Partial<Record<string, unknown>>;
	if (!isText(apiUrl)) throw new Error('/config.json names no API');
	return { apiUrl, wsUrl: isText(wsUrl) ? wsUrl : null };
};
