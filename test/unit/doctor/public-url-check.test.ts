import { expect, test } from 'vitest';
import { checkPublicUrls } from '../../../src/doctor/checks/public-url-check.ts';
import { loadConfig } from '../../../src/runtime/config.ts';
import { createAuthority } from '../../support/certificates.ts';

const config = loadConfig({ environment: {}, assignments: ['rpc.advertise=192.0.2.9', 'connect_tcp.host=127.0.0.1'] });
const production = { ...config, mode: 'production' as const };
const cert = createAuthority().issue('localhost').cert;

const lookAt = async (looked: typeof config, module: 'connect-ws' | 'connect-tcp' | 'api' | undefined) =>
	(await checkPublicUrls({ config: looked, module, probes: undefined as never })).map(({ level, found }) => [
		level,
		found,
	]);

test('a gateway that tells clients the address of modules is a warning in production', async () => {
	expect(await lookAt(production, 'connect-ws')).toEqual([
		['warn', 'connect_ws.public_url is empty, so clients are told 192.0.2.9'],
	]);
	expect(await lookAt(config, 'connect-ws')).toEqual([]);
	expect(await lookAt(production, 'connect-tcp')).toEqual([]);
	expect(await lookAt(production, 'api')).toEqual([]);
	const set = { ...production, connect_ws: { ...config.connect_ws, public_url: 'wss://chat.example/ws' } };
	expect(await lookAt(set, 'connect-ws')).toEqual([]);
});

test('an address that the certificate does not hold is a fault', async () => {
	const secure = { ...production, tls: { cert, key: '' } };
	expect(await lookAt(secure, 'connect-ws')).toEqual([
		['fail', expect.stringContaining('which is not in the certificate')],
	]);
});

test('in one process clients are told the host by which they came', async () => {
	const alone = { ...production, rpc: { ...config.rpc, advertise: '', host: '0.0.0.0' } };
	expect(await lookAt(alone, undefined)).toEqual([]);
});
