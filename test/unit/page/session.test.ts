import { beforeEach, expect, test } from 'vitest';
import { loadValue, saveValue } from '../../../site/src/persisted.ts';
import { signedIn, signedOut, useSession } from '../../../site/src/session/session.ts';

const key = 'tschat.session';
const user = { id: '1', name: 'ann' };
const [old, fresh] = [
	{ token: 'old', user },
	{ token: 'fresh', user },
];

beforeEach(() => signedIn(old));

test('a session that ends is over in the whole browser, and the person is told why', () => {
	signedOut('old', 'revoked');
	expect(useSession.getState()).toEqual({ session: null, ending: 'revoked' });
	expect(loadValue(key)).toBeUndefined();
});

test('the end of an old session leaves the one that another tab has begun meanwhile, and goes on with it', () => {
	saveValue(key, fresh);
	signedOut('old', 'revoked');
	expect(useSession.getState()).toEqual({ session: fresh, ending: null });
	expect(loadValue(key)).toEqual(fresh);
	const present = useSession.getState();
	signedOut('old', 'revoked');
	expect(useSession.getState()).toBe(present);
});
