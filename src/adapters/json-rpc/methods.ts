import { type RpcService, rpcMethods } from '../../protocol/rpc.ts';
import type { MethodDeclaration } from '../../protocol/rpc-method.ts';
import { compile, type Validate } from '../../protocol/validate.ts';

/** A declared method with its compiled checks. */
export interface RpcMethod {
	readonly name: string;
	readonly service: RpcService;
	readonly idempotent: boolean;
	/** Throws `bad-request` with the first fault. */
	readonly checkParams: Validate<unknown>;
	/** Throws an `Error` that is not for callers: a bad result is the answering side's fault, never a `bad-request`. */
	readonly checkResult: Validate<unknown>;
}

/** Compiles at the first use: a process calls few of the methods, and compiling costs a millisecond each. */
const lazily = (declaration: MethodDeclaration, part: 'params' | 'result'): Validate<unknown> => {
	let check: Validate<unknown> | undefined;
	return (value) => {
		check ??= compile(declaration[part]);
		return check(value);
	};
};

const blaming =
	(name: string, check: Validate<unknown>): Validate<unknown> =>
	(value) => {
		try {
			return check(value);
		} catch (error) {
			throw new Error(`the result of ${name} does not fit its schema`, { cause: error });
		}
	};

const methods: ReadonlyMap<string, RpcMethod> = new Map(
	Object.entries<MethodDeclaration>(rpcMethods).map(([name, declaration]) => [
		name,
		{
			name,
			service: name.startsWith('logic.') ? 'logic' : 'connect',
			idempotent: declaration.idempotent,
			checkParams: lazily(declaration, 'params'),
			checkResult: blaming(name, lazily(declaration, 'result')),
		},
	]),
);

/** The declared method of this name, which may have come from a peer. */
export const methodNamed = (name: string): RpcMethod | undefined => methods.get(name);

/** Every method that a service answers. */
export const methodsOf = (service: RpcService): RpcMethod[] =>
	[...methods.values()].filter((method) => method.service === service);
