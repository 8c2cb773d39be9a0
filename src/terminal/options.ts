import { type Command, InvalidArgumentError } from 'commander';

/** How a person says which room: by its number, or by its name. */
export type RoomChoice = number | string;

export interface ChatOptions {
	/** Base of the REST API. */
	readonly url: string;
	readonly user: string;
	readonly password?: string;
	readonly register?: true;
	/** Rooms to join, the first of them to talk in. */
	readonly room: readonly RoomChoice[];
	readonly device: string;
	readonly state?: string;
	readonly color: boolean;
}

/** What a room number may look like, as `7` or `room:7`. Undefined for anything else. */
export const roomNumber = (text: string): number | undefined => {
	const number = /^(?:room:)?([1-9][0-9]*)$/.exec(text)?.[1];
	return Number.isSafeInteger(Number(number)) ? Number(number) : undefined;
};

/** What a room may be called, as `7`, `room:7`, `general` or `#general`. Undefined for what is neither; the server checks names further. */
export const roomChoice = (text: string): RoomChoice | undefined => {
	const number = roomNumber(text);
	if (number !== undefined) return number;
	const name = text.replace(/^#/, '').trim();
	return /^[0-9]*$|:/.test(name) ? undefined : name;
};

const addRoom = (text: string, rooms: readonly RoomChoice[]): RoomChoice[] => {
	const room = roomChoice(text);
	if (room === undefined) throw new InvalidArgumentError('A room is a number from 1 on, or a name.');
	return [...rooms, room];
};

const baseUrl = (text: string): string => {
	if (!URL.canParse(text) || !/^https?:\/\//.test(text)) {
		throw new InvalidArgumentError('It must begin with http:// or https://.');
	}
	return text;
};

const deviceName = (text: string): string => {
	if (text.length > 64) throw new InvalidArgumentError('At most 64 characters.');
	return text;
};

/** Adds the command `chat`, which calls `run`. */
export const addChatCommand = (program: Command, run: (options: ChatOptions) => Promise<void>): void => {
	program
		.command('chat')
		.description('Chat in this terminal, or by lines through pipes. /help lists what can be typed.')
		.requiredOption('--user <name>', 'who signs in')
		.option('--url <url>', 'base of the REST API', baseUrl, 'http://localhost:7070')
		.option('--password <text>', 'else TSCHAT_PASSWORD, which other users of this machine do not see, or asked for')
		.option('--register', 'make the user first')
		.option('--room <room>', 'a room to join, by number or name; repeatable', addRoom, [])
		.option('--device <name>', 'what to call this session', deviceName, 'terminal')
		.option('--state <file>', 'where positions and unsent messages are kept for the next start')
		.option('--no-color', 'no colours; NO_COLOR does the same')
		.action((options: ChatOptions) => run(options));
};
