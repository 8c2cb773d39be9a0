import { describe, expect, test } from 'vitest';
import { connect } from '../../../src/client/index.ts';

describe('connect', () => {
	test('says what is missing', () => {
		const WebSocket = class {} as never;
		expect(() => connect({ token: 't', WebSocket })).toThrow('needs api, url or urls');
		expect(() => connect({ token: 't', WebSocket, url: 'http://localhost' })).toThrow('not a ws: or wss: URL');
		if ('WebSocket' in globalThis) return;
		expect(() => connect({ token: 't', url: 'ws://localhost' })).toThrow('no WebSocket');
	});
});
