import { createHash, randomBytes } from 'node:crypto';

/** A session token: 256 random bits. Only its owner has it; the store has its hash. */
export const newToken = (): string => randomBytes(32).toString('base64url');

/** What the store knows of a token. A fast hash is enough: a random token cannot be guessed, unlike a password. */
export const hashToken = (token: string): string => createHash('sha256').update(token).digest('hex');
