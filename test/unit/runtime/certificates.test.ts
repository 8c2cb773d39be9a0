import { X509Certificate } from 'node:crypto';
import { once } from 'node:events';
import { copyFileSync, renameSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { connect } from 'node:tls';
import { pino } from 'pino';
import { afterAll, afterEach, describe, expect, test } from 'vitest';
import { openCertificates, readCertificates } from '../../../src/runtime/certificates.ts';
import { listen } from '../../../src/runtime/listen.ts';
import { createSocketServer, createWebServer } from '../../../src/runtime/secure-server.ts';
import { createAuthority, type KeyPair } from '../../support/certificates.ts';
import { temporaryFolder } from '../../support/processes.ts';

const folder = temporaryFolder('certificates');
afterAll(folder.remove);
const authority = createAuthority();
const [first, second] = [authority.issue('first'), authority.issue('second')];

const file = (name: string): string => join(folder.path, name);
const fileWith = (name: string, text: string): string => {
	writeFileSync(file(name), text);
	return file(name);
};

const filesOf = ({ cert, key }: KeyPair) => ({
	cert: { setting: 'tls.cert', path: cert },
	key: { setting: 'tls.key', path: key },
});

describe('files that cannot be used are told in one line that names the setting', () => {
	const faultOf = (pair: KeyPair, ca?: string): string => {
		const authorities = ca === undefined ? {} : { ca: { setting: 'rpc.tls_ca', path: ca } };
		try {
			readCertificates({ ...filesOf(pair), ...authorities });
		} catch (error) {
			return error instanceof Error ? `${error.name}: ${error.message.replaceAll(folder.path, 'FOLDER')}` : '';
		}
		return 'none';
	};

	test('missing, empty, of another kind, or not belonging together', () => {
		const empty = fileWith('empty.pem', '');
		expect(faultOf(first, authority.ca)).toBe('none');
		expect(faultOf({ ...first, cert: file('none.pem') })).toBe(
			'StartError: tls.cert: cannot read FOLDER/none.pem (ENOENT)',
		);
		expect(faultOf({ ...first, key: folder.path })).toBe('StartError: tls.key: cannot read FOLDER (EISDIR)');
		expect(faultOf({ ...first, cert: empty })).toBe(
			'StartError: tls.cert: FOLDER/empty.pem holds no certificate in PEM',
		);
		expect(faultOf({ ...first, key: empty })).toMatch(
			/^StartError: tls.key: FOLDER\/empty.pem holds no private key in PEM/,
		);
		expect(faultOf(first, first.key)).toMatch(/^StartError: rpc.tls_ca: .* holds no certificate in PEM$/);
		expect(faultOf({ cert: first.cert, key: second.key })).toBe(
			`StartError: tls.key: ${second.key} is not the key of ${first.cert}`,
		);
	});

	test('expired', () => {
		const expired = authority.issue('expired', { days: -1 });
		expect(faultOf(expired)).toMatch(/^StartError: tls.cert: the certificate in .*expired.pem expired on \w+ .* GMT$/);
		expect(faultOf(first, expired.cert)).toMatch(/^StartError: rpc.tls_ca: the certificate in .* expired on/);
	});
});

describe('renewal without a restart', () => {
	const closing: (() => Promise<unknown>)[] = [];
	afterEach(async () => {
		for (const close of closing.splice(0).reverse()) await close();
	});
	const logged: string[] = [];
	const logger = pino({ level: 'info' }, { write: (line: string) => void logged.push(line) });

	const install = (pair: KeyPair): void => {
		copyFileSync(pair.cert, file('cert.pem'));
		copyFileSync(pair.key, file('key.pem'));
	};
	const installed = filesOf({ cert: file('cert.pem'), key: file('key.pem') });
	const open = () => {
		install(first);
		const certificates = openCertificates(installed, logger);
		closing.push(certificates.close);
		return certificates;
	};
	const commonName = (pem: Buffer): string => new X509Certificate(pem).subject;

	/** Whose certificate a server shows to a new client, and which version of TLS both speak. */
	const shownBy = async (port: number): Promise<string> => {
		const socket = connect({ host: '127.0.0.1', port, ca: authority.pem });
		await once(socket, 'secureConnect');
		const shown = `${socket.getPeerCertificate().subject.CN} ${socket.getProtocol()}`;
		socket.destroy();
		return shown;
	};

	test('SIGHUP: new connections to HTTPS and TLS servers get the new certificate, open ones stay', async () => {
		const certificates = open();
		const web = createWebServer(certificates, (_request, response) => void response.end('ok'));
		const plain = createSocketServer(
			certificates,
			{},
			{
				opened: (socket) => void socket.on('error', () => {}).pipe(socket),
			},
		);
		const ports = [await listen(web, '127.0.0.1', 0), await listen(plain, '127.0.0.1', 0)] as const;
		const stays = connect({ host: '127.0.0.1', port: ports[1], ca: authority.pem });
		closing.push(async () => {
			stays.destroy();
			web.closeAllConnections();
			await Promise.all([web, plain].map((server) => new Promise((resolve) => server.close(resolve))));
		});
		await once(stays, 'secureConnect');
		expect(await Promise.all(ports.map(shownBy))).toEqual(['first TLSv1.3', 'first TLSv1.3']);

		const renewed = new Promise<void>((resolve) => certificates.onRenewed(resolve));
		install(second);
		process.emit('SIGHUP', 'SIGHUP');
		await renewed;
		expect(await Promise.all(ports.map(shownBy))).toEqual(['second TLSv1.3', 'second TLSv1.3']);
		stays.write('still here');
		expect(String((await once(stays, 'data'))[0])).toBe('still here');
	});

	test('no client is spoken to in less than TLS 1.2', async () => {
		const web = createWebServer(open(), (_request, response) => void response.end('ok'));
		const port = await listen(web, '127.0.0.1', 0);
		closing.push(() => new Promise((resolve) => web.close(resolve)));
		const old = { minVersion: 'TLSv1.1', maxVersion: 'TLSv1.1', ciphers: 'ALL:@SECLEVEL=0' } as const;
		const socket = connect({ host: '127.0.0.1', port, ca: authority.pem, ...old });
		expect(String((await once(socket, 'error'))[0])).toMatch(/protocol version/i);
	});

	test('files that change are noticed, also behind links that are swapped, as Kubernetes does', async () => {
		const folders = [first, second].map((pair, index) => {
			const links = { cert: file(`cert-${index}`), key: file(`key-${index}`) };
			symlinkSync(pair.cert, links.cert);
			symlinkSync(pair.key, links.key);
			return links;
		});
		const [now, then] = folders as [KeyPair, KeyPair];
		const certificates = openCertificates(filesOf(now), logger);
		closing.push(certificates.close);
		const renewed = new Promise<void>((resolve) => certificates.onRenewed(resolve));
		renameSync(then.cert, now.cert);
		renameSync(then.key, now.key);
		await renewed;
		expect(commonName(certificates.current.cert)).toBe('CN=second');
	});

	test('what does not fit together, or has expired, is not taken: the one before stays, and the log says why', () => {
		const certificates = open();
		let renewals = 0;
		certificates.onRenewed(() => {
			renewals += 1;
		});
		logged.length = 0;
		copyFileSync(second.cert, file('cert.pem'));
		process.emit('SIGHUP', 'SIGHUP');
		install(authority.issue('late', { days: -1 }));
		process.emit('SIGHUP', 'SIGHUP');
		expect(commonName(certificates.current.cert)).toBe('CN=first');
		expect(renewals).toBe(0);
		expect(logged.map((line) => JSON.parse(line).reason)).toEqual([
			expect.stringContaining('is not the key of'),
			expect.stringContaining('expired on'),
		]);
		expect(logged.join()).not.toContain('PRIVATE');
	});

	test('a SIGHUP that finds the same files changes nothing', () => {
		const certificates = open();
		const before = certificates.current;
		process.emit('SIGHUP', 'SIGHUP');
		expect(certificates.current).toBe(before);
	});
});
