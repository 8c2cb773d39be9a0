/** The list of conversations, and how to begin one. */
export const inbox = {
	label: 'Conversations',
	search: 'Search conversations',
	found_one: '{{count}} conversation found',
	found_other: '{{count}} conversations found',
	empty: 'No conversations yet. Join a room or write to someone.',
	begin: 'Start a conversation',
	unread_one: '{{count}} unread',
	unread_other: '{{count}} unread',
	connected: 'connected',
	/** Before what one has written oneself. */
	you: 'you:',
	/** Before what one has begun to write. */
	draft: 'draft:',
	typing: 'typing …',
	nothing: 'No messages yet',
	newChat: 'New chat',
	joinRoom: 'Join a room',
	roomInput: 'Room name or number',
	roomHint: 'If there is no room of this name, it is made.',
	join: 'Join',
	writeToSomeone: 'Write to someone',
	personInput: 'Name of the person',
	write: 'Write',
} as const;
