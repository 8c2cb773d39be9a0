/** Which room a person means. */
export type RoomInput = { readonly number: number } | { readonly name: string };

/** Digits alone are a room's number, all else its name; a `#` before it is how rooms are shown. Undefined for nothing. */
export const parseRoomInput = (text: string): RoomInput | undefined => {
	const wanted = text.trim().replace(/^#\s*/, '');
	if (wanted === '') return undefined;
	const number = /^[0-9]+$/.test(wanted) ? Number(wanted) : 0;
	// What no room's number can be is left to the server to refuse, as a name.
	return number > 0 && Number.isSafeInteger(number) ? { number } : { name: wanted };
};
