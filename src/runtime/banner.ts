import { resolve } from 'node:path';
import type { ServiceName } from '../ports/service-registry.ts';
import type { Config } from './config-schema.ts';
import { hidePasswords } from './config-secrets.ts';
import { version } from './package-info.ts';

interface Up {
	readonly config: Config;
	readonly services: readonly { service: ServiceName; rpc: string | null; publicUrl: string | null }[];
	readonly admin: string | null;
	/** How long the start took, in milliseconds. */
	readonly tookMs: number;
}

const line = (name: string, text: string): string => `  ${name.padEnd(12)}${text}`;

const dataOf = (url: string): string => (url.startsWith('sqlite:') ? resolve(url.slice(7)) : hidePasswords(url));

/** What the person who started everything in one process wants to know. */
export const banner = ({ config, services, admin, tookMs }: Up): string => {
	const lines = services.flatMap(({ service, publicUrl }) =>
		publicUrl === null ? [] : [line(service, publicUrl.replace('//127.0.0.1:', '//localhost:'))],
	);
	if (admin !== null) lines.push(line('health', `${admin}/readyz`));
	lines.push(line('data', dataOf(config.store.url)));
	if (config.mode === 'development' && config.auth.demo_users && services.some(({ service }) => service === 'logic')) {
		lines.push(
			line('users', 'demo, test, admin; password 111111 (for trying out: whoever reaches these ports can use them)'),
		);
	}
	return `tschat ${version}\n\n${lines.join('\n')}\n\nready in ${Math.round(tookMs)} ms\n`;
};

/** The one line of a process that runs one module. */
export const readyLine = ({ services, admin, tookMs }: Up): string =>
	services
		.map(({ service, rpc, publicUrl }) => {
			const addresses = [rpc && `rpc ${rpc}`, publicUrl && `public ${publicUrl}`, admin && `admin ${admin}`];
			return `tschat ${service} ready in ${Math.round(tookMs)} ms: ${addresses.filter(Boolean).join(', ')}\n`;
		})
		.join('');
