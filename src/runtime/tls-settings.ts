import { X509Certificate } from 'node:crypto';
import type { Certificates, Pem } from '../ports/certificates.ts';
import type { ServiceName } from '../ports/service-registry.ts';
import { advertiseHost } from './advertise-host.ts';
import { openCertificates, type PemFiles, readAuthority, readCertificates } from './certificates.ts';
import type { Config } from './config-schema.ts';
import type { Logger } from './logger.ts';
import type { Metrics } from './metrics/metrics.ts';
import type { Teardown } from './teardown.ts';

/** `ca` alone, or with the certificate and the key of this client. */
type EtcdPem = Required<Pick<Pem, 'ca'>> & Partial<Pem>;

interface CertificateInUse {
	/** What names its file. */
	readonly setting: string;
	readonly validTo: Date;
}

/** What certificates are opened with. */
interface Context {
	readonly config: Config;
	readonly logger: Logger;
	readonly metrics: Metrics;
	readonly teardown: Teardown;
}

const opened = (
	certificate: 'clients' | 'rpc',
	files: PemFiles,
	{ logger, metrics, teardown }: Context,
): Certificates => {
	const certificates = openCertificates(files, logger);
	const expiry = () => Date.parse(new X509Certificate(certificates.current.cert).validTo) / 1000;
	const endReading = metrics.read('tschat_tls_certificate_expiry_timestamp_seconds', { certificate }, expiry);
	teardown.add(`certificate for ${certificate}`, async () => {
		endReading();
		await certificates.close();
	});
	return certificates;
};

const serverFiles = ({ tls }: Config): PemFiles | undefined =>
	tls.cert === ''
		? undefined
		: { cert: { setting: 'tls.cert', path: tls.cert }, key: { setting: 'tls.key', path: tls.key } };

/** The certificate for what clients reach; undefined: it is plain. */
export const openServerCertificates = (context: Context): Certificates | undefined => {
	const files = serverFiles(context.config);
	return files && opened('clients', files, context);
};

/** Modules that others call. All others are callers alone, whose names nobody looks at. */
const isCalled = (module: ServiceName | undefined): boolean =>
	module === 'logic' || module?.startsWith('connect-') === true;

const rpcFiles = ({ rpc }: Config, module: ServiceName | undefined): PemFiles | undefined =>
	rpc.tls_cert === ''
		? undefined
		: {
				cert: { setting: 'rpc.tls_cert', path: rpc.tls_cert },
				key: { setting: 'rpc.tls_key', path: rpc.tls_key },
				ca: {
					setting: 'rpc.tls_ca',
					path: rpc.tls_ca,
					server: !isCalled(module)
						? undefined
						: rpc.tls_name === ''
							? { name: advertiseHost(rpc), because: 'by which others call it (rpc.advertise)' }
							: { name: rpc.tls_name, because: 'that rpc.tls_name demands' },
				},
			};

/** What a module shows to others, and demands of them; undefined: calls are plain. */
export const readRpcPem = (config: Config, module: ServiceName | undefined): Pem | undefined => {
	const files = rpcFiles(config, module);
	return files && readCertificates(files);
};

/** By what modules prove themselves to each other, on both sides of a call; undefined: calls are plain. */
export const openRpcCertificates = (context: Context, module: ServiceName | undefined) => {
	const files = rpcFiles(context.config, module);
	return files && { certificates: opened('rpc', files, context), name: context.config.rpc.tls_name };
};

/** Whom to trust about etcd, and this client's own certificate if it has one; undefined: the public authorities, and none. */
export const readEtcdPem = ({ etcd }: Config): EtcdPem | undefined => {
	if (etcd.ca === '') return undefined;
	const ca = readAuthority({ setting: 'etcd.ca', path: etcd.ca });
	if (etcd.cert === '') return { ca };
	const cert = { setting: 'etcd.cert', path: etcd.cert };
	return { ca, ...readCertificates({ cert, key: { setting: 'etcd.key', path: etcd.key } }) };
};

const inUse = (setting: string, pem: Buffer | undefined): CertificateInUse[] =>
	pem === undefined ? [] : [{ setting, validTo: new Date(new X509Certificate(pem).validTo) }];

const readFiles = (files: PemFiles): CertificateInUse[] => {
	const { cert, ca } = readCertificates(files);
	return [...inUse(files.cert.setting, cert), ...inUse(files.ca?.setting ?? '', ca)];
};

/**
 * What a process reads of certificates as it starts, each function those that belong together. They throw `StartError`, in one
 * line that names the setting, if the start would. In one process (no `module`) nothing is called, and no etcd is there.
 */
export const certificateReaders = (
	config: Config,
	module: ServiceName | undefined,
): readonly (() => CertificateInUse[])[] => {
	const ofFiles = (files: PemFiles | undefined) => (files === undefined ? [] : readFiles(files));
	const ofEtcd = () => {
		const pem = readEtcdPem(config);
		return [...inUse('etcd.cert', pem?.cert), ...inUse('etcd.ca', pem?.ca)];
	};
	const ofServer = () => ofFiles(serverFiles(config));
	return module === undefined ? [ofServer] : [() => ofFiles(rpcFiles(config, module)), ofEtcd, ofServer];
};

/** Throws `StartError` if files that a start reads are no good: before it waits for any server. */
export const checkCertificates = (config: Config, module: ServiceName | undefined): void => {
	for (const read of certificateReaders(config, module)) read();
};
