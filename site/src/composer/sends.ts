/** What is looked at of a key. */
export interface Key {
	readonly key: string;
	readonly keyCode: number;
	readonly isComposing: boolean;
	readonly shiftKey: boolean;
	readonly altKey: boolean;
	readonly ctrlKey: boolean;
	readonly metaKey: boolean;
}

/** A key that belongs to an input method; Safari tells of the last one, which ends the composition, only by this code. */
const composingCode = 229;

/** Whether the key sends: Enter, and with Ctrl or Cmd in any case. Never while an input method composes. */
export const sends = (event: Key, enterSends: boolean): boolean => {
	if (event.key !== 'Enter' || event.isComposing || event.keyCode === composingCode) return false;
	return event.ctrlKey || event.metaKey || (enterSends && !event.shiftKey && !event.altKey);
};
