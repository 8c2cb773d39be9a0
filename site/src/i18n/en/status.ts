/** The operators' page. */
export const status = {
	heading: 'Status',
	back: 'Back to the chat',
	refused: 'Only for administrators',
	refusedWhy: 'You are logged in as {{name}}, who is not an administrator.',
	logInAsAnother: 'Log in as another',
	/** `age` is a time that has passed, as in "12 seconds ago". */
	age: 'These figures came {{age}}.',
	figures: {
		connections: 'Connections',
		rooms: 'Rooms with readers',
		accepted: 'Accepted a second',
		delivered: 'Delivered a second',
		queue: 'Queue length',
	},
	plots: {
		connections: 'Connections',
		messages: 'Messages a second',
		queue: 'Queue',
	},
	lines: {
		connections: 'Connections',
		accepted: 'Accepted',
		delivered: 'Delivered',
		queue: 'Queue length',
	},
	extremes: 'now {{last}}, highest {{highest}}, lowest {{lowest}}',
	modules: 'Modules',
	columns: {
		server: 'Server',
		answers: 'Answers',
		up: 'Up for',
		connections: 'Connections',
		rooms: 'Rooms',
		address: 'Address',
		version: 'Version',
	},
	answers: 'answers',
	registered: 'registered',
	doesNotAnswer: 'does not answer',
} as const;
