import { Compile } from 'typebox/compile';
import { ChatError } from '../protocol/errors.ts';
import { RoomName } from '../protocol/limits.ts';
import { nameKey, type ParsedName } from './name-key.ts';

const allowed = Compile(RoomName);

/**
 * The name and key of a room. Both forms obey the pattern, as those of users do: so a number in other digits is no name either.
 * Names that differ in the length of their gaps only would look the same.
 */
export const parseRoomName = (given: string): ParsedName => {
	const name = given.normalize('NFC');
	const key = nameKey(name).replaceAll(/ +/g, ' ');
	if (!allowed.Check(name) || !allowed.Check(key))
		throw new ChatError('bad-request', 'name: must be a valid name of a room');
	return { name, key };
};
