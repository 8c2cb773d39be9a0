import type { TSchema } from 'typebox';

/** One remote method, declared once: both sides validate with these schemas. */
export interface MethodDeclaration {
	readonly params: TSchema;
	readonly result: TSchema;
	/** Whether a second call with the same params does no harm: only then is a failed call tried on another instance. */
	readonly idempotent: boolean;
}
