/** What a conversation is, and who is there. */
export const details = {
	label: 'Details',
	close: 'Close details',
	roomNumber: 'Room number {{number}}',
	hereNow: 'Here now',
	members: 'Members',
	tooMany: 'Too many to list',
	writeTo: 'Write to {{name}}',
	oneself: '{{name}} (you)',
	copyLink: 'Copy link',
	copied: 'Copied',
	link: 'Link to this conversation',
	leave: 'Leave the room',
	leaveTitle: 'Leave {{title}}?',
	leaveText: 'It goes from the list on all your devices. What was written stays, and you can join again.',
	leaveConfirm: 'Leave',
} as const;
