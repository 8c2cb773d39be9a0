/** What the server demands of a new name and a new password (`UserName` and `Password` in src/protocol/limits.ts), told before they are sent. */
const userName = /^(?!\p{M})(?!.*\p{Default_Ignorable_Code_Point})[\p{L}\p{M}\p{Nd}_.-]{1,20}$/u;
const passwordLength = { least: 6, most: 128 };

export const fitsUserName = (name: string): boolean => userName.test(name.normalize('NFC'));

/** Characters count as Unicode code points, as they do for the server. */
export const fitsPassword = (password: string): boolean => {
	const { length } = [...password];
	return length >= passwordLength.least && length <= passwordLength.most;
};
