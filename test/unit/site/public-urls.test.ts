import { expect, test } from 'vitest';
import { contentSecurityPolicy, publicUrlsOf } from '../../../src/site/public-urls.ts';
import { moduleContext } from './module-context.ts';

test('configured URLs win over the host', async () => {
	const { config } = await moduleContext({});
	const urls = { api_url: 'https://api.example/chat', ws_url: 'wss://live.example/ws' };
	const configured = { ...config, site: { ...config.site, ...urls } };
	expect(publicUrlsOf(configured, { host: 'other.example', secure: false }, 'fallback')).toEqual({
		apiUrl: urls.api_url,
		wsUrl: urls.ws_url,
	});
});

test.each([
	['https://api.example/chat', 'wss://live.example/ws', 'https://api.example wss://live.example'],
	['http://a.example:7070', 'ws://a.example:7000/ws', 'http://a.example:7070 ws://a.example:7000'],
	['http://[::1]:7070', 'ws://[::1]:7000/ws', 'http: ws:'],
])('the page may connect to %s and %s, and to nothing else', (apiUrl, wsUrl, sources) => {
	expect(contentSecurityPolicy({ apiUrl, wsUrl })).toContain(`connect-src 'self' ${sources};`);
});
