export const composer = {
	send: 'Send',
	emoji: 'Emoji',
	placeholder: 'Write a message',
	/** From 90 % of what a message may hold. */
	bytesLeft_one: '{{count}} byte left',
	bytesLeft_other: '{{count}} bytes left',
	tooLong: 'This is {{percent}} % of what fits into a message. Please send it in parts.',
	searchEmoji: 'Search emoji',
	noEmoji: 'No emoji found',
	emojiGroups: {
		faces: 'Faces',
		people: 'People and gestures',
		nature: 'Animals and nature',
		food: 'Food and drink',
		things: 'Activities and objects',
		signs: 'Hearts and signs',
	},
	/** Of code in messages. */
	copy: 'Copy',
	copyCode: 'Copy code',
	copied: 'Copied',
} as const;
