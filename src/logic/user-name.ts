import { Compile } from 'typebox/compile';
import { ChatError } from '../protocol/errors.ts';
import { UserName } from '../protocol/limits.ts';

const allowed = Compile(UserName);

/** What names are compared by: "Ａnna", "ANNA" and "anna" are one. Normalised again because lower case can decompose ("İ"). */
const keyOf = (name: string): string => name.normalize('NFKC').toLowerCase().normalize('NFKC');

export interface ParsedName {
	/** As others see it: NFC, case kept. */
	readonly name: string;
	readonly key: string;
}

/** The name and key of a name given at sign-up. Both forms obey the pattern, since normalisation can lengthen a name or bring in spaces. */
export const parseUserName = (given: string): ParsedName => {
	const name = given.normalize('NFC');
	const key = keyOf(name);
	if (!allowed.Check(name) || !allowed.Check(key))
		throw new ChatError('bad-request', 'name: must be a valid user name');
	return { name, key };
};

/** The key of a name given at sign-in, or undefined for what cannot be anyone's name. */
export const userNameKey = (given: string): string | undefined => {
	const key = keyOf(given.normalize('NFC'));
	return allowed.Check(key) ? key : undefined;
};
