import type { FastifyRequest } from 'fastify';
import type { Static, TSchema } from 'typebox';
import type { RpcClient } from '../../ports/rpc.ts';
import { ChatError, type ErrorKey } from '../../protocol/errors.ts';
import type { Arrival } from '../../runtime/arrival.ts';
import type { Counted } from '../counted.ts';
import type { FindEndpoints } from '../endpoints.ts';

/** What the routes call. */
export interface Services {
	readonly rpc: RpcClient;
	readonly endpoints: FindEndpoints;
	/** Whom limits count a request for; undefined when nobody knows. */
	clientOf(request: FastifyRequest): string | undefined;
}

/** A request that has passed its route's schemas. */
interface Asked<P extends TSchema, Q extends TSchema, B extends TSchema> {
	readonly params: Static<P>;
	readonly query: Static<Q>;
	readonly body: Static<B>;
	/** The bearer token, not yet checked by logic; empty on open routes. */
	readonly token: string;
	readonly userAgent: string;
	readonly arrival: Arrival;
	readonly counted: Counted;
}

/** Groups of the documentation. */
export const tags = {
	'accounts (v2)': 'Users, sessions and passwords',
	'conversations (v2)': 'The inbox, messages, read positions and members',
	'endpoints (v2)': 'Where clients connect',
	'operators (v2)': 'What administrators see and do',
} as const;

/** One route, declared once: what it takes, gives and does. */
export interface Route<
	P extends TSchema = TSchema,
	Q extends TSchema = TSchema,
	B extends TSchema = TSchema,
	A extends TSchema = TSchema,
> {
	readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE';
	/** As Fastify writes it: `/v2/…/:param`. */
	readonly path: `/v2/${string}`;
	readonly tag: keyof typeof tags;
	readonly summary: string;
	readonly description?: string;
	/** Whether it answers without a token. */
	readonly open?: true;
	readonly params?: P;
	readonly query?: Q;
	readonly body?: B;
	/** Of a success. */
	readonly status: 200 | 201 | 204;
	readonly answer: A;
	/** What it is refused with, besides what any route may answer. */
	readonly errors: readonly ErrorKey[];
	call(services: Services, asked: Asked<P, Q, B>): Promise<Static<A>>;
}

/** Declares a route: its call is checked against its schemas. */
export const route = <P extends TSchema, Q extends TSchema, B extends TSchema, A extends TSchema>(
	declaration: Route<P, Q, B, A>,
): Route => declaration;

const maxTokenLength = 256;

/** The token of the Authorization header. Throws `ChatError('unauthorized')` when there is none. */
export const bearerToken = ({ headers }: FastifyRequest): string => {
	const [, token] = /^Bearer +(\S+)$/i.exec(headers.authorization ?? '') ?? [];
	if (token === undefined || token.length > maxTokenLength) throw new ChatError('unauthorized');
	return token;
};
