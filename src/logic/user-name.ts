import { Compile } from 'typebox/compile';
import { ChatError } from '../protocol/errors.ts';
import { UserName } from '../protocol/limits.ts';
import { nameKey, type ParsedName } from './name-key.ts';

const allowed = Compile(UserName);

/** The name and key of a name given at sign-up. Both forms obey the pattern, since normalisation can lengthen a name or bring in spaces. */
export const parseUserName = (given: string): ParsedName => {
	const name = given.normalize('NFC');
	const key = nameKey(name);
	if (!allowed.Check(name) || !allowed.Check(key))
		throw new ChatError('bad-request', 'name: must be a valid user name');
	return { name, key };
};

/** The key of a name given at sign-in, or undefined for what cannot be anyone's name. */
export const userNameKey = (given: string): string | undefined => {
	const key = nameKey(given.normalize('NFC'));
	return allowed.Check(key) ? key : undefined;
};
