import { randomBytes, scrypt, timingSafeEqual } from 'node:crypto';
import { createTurns, type Turn } from './turns.ts';

interface Cost {
	/** log2 of N. */
	readonly ln: number;
	readonly r: number;
	readonly p: number;
}

const saltBytes = 16;
const hashBytes = 32;
/**
 * What a string of the store may ask for: no more than 1 GiB of memory and about eight seconds of a core, so that one that was
 * tampered with cannot hold a process up.
 */
const maxBlocks = 2 ** 23;
const maxWork = 2 ** 24;
const phcPattern = /^\$scrypt\$ln=(\d{1,2}),r=(\d{1,2}),p=(\d{1,2})\$([A-Za-z0-9+/]+)\$([A-Za-z0-9+/]+)$/;

const unpadded = (bytes: Buffer): string => bytes.toString('base64').replaceAll('=', '');

const derive = (password: string, salt: Buffer, length: number, { ln, r, p }: Cost): Promise<Buffer> =>
	new Promise((resolve, reject) => {
		const N = 2 ** ln;
		// Node refuses to use more than 32 MiB unless told; scrypt needs 128 * N * r bytes and a little more.
		const options = { N, r, p, maxmem: 256 * N * r };
		// The same password typed on another system may arrive in another normal form (NIST SP 800-63B, 5.1.1.2).
		scrypt(password.normalize('NFKC'), salt, length, options, (error, key) =>
			error === null ? resolve(key) : reject(error),
		);
	});

const parse = (phc: string): { cost: Cost; salt: Buffer; hash: Buffer } | undefined => {
	const [, ...fields] = phcPattern.exec(phc) ?? [];
	const [ln = 0, r = 0, p = 0] = fields.slice(0, 3).map(Number);
	const [salt, hash] = fields.slice(3).map((text) => Buffer.from(text, 'base64'));
	if (salt === undefined || hash === undefined) return undefined;
	// A short hash would be met by chance, and by every password when it is empty.
	if (Math.min(ln, r, p) < 1 || hash.length < 16 || hash.length > 64) return undefined;
	if (2 ** ln * r > maxBlocks || 2 ** ln * r * p > maxWork) return undefined;
	return { cost: { ln, r, p }, salt, hash };
};

export interface Passwords {
	/** A PHC string (`$scrypt$ln=…,r=…,p=…$salt$hash`) with a fresh salt. */
	hash(password: string, turn?: Turn): Promise<string>;
	/** Whether the password is the one hashed, by the parameters in the string. For undefined (no such user): false, after the same work. */
	verify(password: string, phc: string | undefined, turn?: Turn): Promise<boolean>;
	/** Whether it was made with other parameters than those that new hashes get. */
	outdated(phc: string): boolean;
}

/** Password hashes by scrypt (RFC 7914) with N = 2^`logN`, r = 8, p = 1. Rejects with `overloaded` when too many of the same turn wait. */
export const createPasswords = (logN: number): Passwords => {
	const cost: Cost = { ln: logN, r: 8, p: 1 };
	const nobody = { cost, salt: randomBytes(saltBytes), hash: Buffer.alloc(hashBytes) };
	const turns = createTurns();

	return {
		hash: async (password, turn = 'in turn') => {
			const salt = randomBytes(saltBytes);
			const hash = await turns.take(turn, () => derive(password, salt, hashBytes, cost));
			return `$scrypt$ln=${cost.ln},r=${cost.r},p=${cost.p}$${unpadded(salt)}$${unpadded(hash)}`;
		},
		verify: async (password, phc, turn = 'in turn') => {
			const stored = phc === undefined ? undefined : parse(phc);
			const { cost: by, salt, hash } = stored ?? nobody;
			const derived = await turns.take(turn, () => derive(password, salt, hash.length, by));
			return timingSafeEqual(derived, hash) && stored !== undefined;
		},
		outdated: (phc) => {
			const stored = parse(phc);
			if (stored === undefined) return true;
			const { ln, r, p } = stored.cost;
			return ln !== cost.ln || r !== cost.r || p !== cost.p || stored.hash.length !== hashBytes;
		},
	};
};
