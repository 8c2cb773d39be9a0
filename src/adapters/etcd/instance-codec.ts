import Type from 'typebox';
import type { ServiceInstance } from '../../ports/service-registry.ts';
import { compile } from '../../protocol/validate.ts';

const NullableText = Type.Union([Type.String(), Type.Null()]);

/** What a registered instance's key holds. Fields that a newer version adds are let through. */
const StoredInstance = Type.Object({
	service: Type.Union([
		Type.Literal('api'),
		Type.Literal('logic'),
		Type.Literal('connect-ws'),
		Type.Literal('connect-tcp'),
		Type.Literal('task'),
		Type.Literal('site'),
	]),
	serverId: Type.String({ minLength: 1 }),
	rpc: NullableText,
	publicUrl: NullableText,
	admin: NullableText,
	version: Type.String(),
	startedAt: Type.Integer({ minimum: 0 }),
});

/** Takes an instance's place when it deregisters, and expires with its lease. */
const Tombstone = Type.Object({ deregistered: Type.Literal(true) });

const validate = compile(Type.Union([Tombstone, StoredInstance]));

export const tombstone: Buffer = Buffer.from('{"deregistered":true}');

export const servicesPrefix = (prefix: string): string => `${prefix}/services/`;

export const instanceKey = (prefix: string, { service, serverId }: ServiceInstance): string =>
	`${servicesPrefix(prefix)}${service}/${serverId}`;

export const encodeInstance = (instance: ServiceInstance): Buffer => Buffer.from(JSON.stringify(instance));

/** The instance under a key, or null where one has deregistered. Throws on anything else, and on an instance under another's key. */
export const decodeInstance = (prefix: string, key: string, value: string): ServiceInstance | null => {
	const stored = validate(JSON.parse(value));
	if ('deregistered' in stored) return null;
	if (instanceKey(prefix, stored) !== key) throw new Error('the value belongs to another key');
	return Object.freeze(stored);
};
