import type { Desk } from './desk.ts';
import { dim } from './line.ts';
import { type RoomChoice, roomChoice } from './options.ts';
import { parseInput, unknownCommand } from './parse.ts';

interface Command {
	readonly usage: string;
	readonly help: string;
	/** Undefined when the arguments do not fit. */
	readonly run: (desk: Desk, args: readonly string[]) => Promise<void> | undefined;
}

const maxHistory = 200;

/** Names of rooms may have gaps. */
const withRoom = (act: (desk: Desk, room: RoomChoice) => Promise<void>): Command['run'] => {
	return (desk, args) => {
		const room = roomChoice(args.join(' '));
		return room === undefined ? undefined : act(desk, room);
	};
};

const alone = (act: (desk: Desk) => Promise<void>): Command['run'] => {
	return (desk, args) => (args.length === 0 ? act(desk) : undefined);
};

const commands: Readonly<Record<string, Command>> = {
	join: {
		usage: '/join ROOM',
		help: 'join a room, by number or name, and talk there',
		run: withRoom((desk, room) => desk.join(room)),
	},
	leave: {
		usage: '/leave [ROOM]',
		help: 'leave this room, or another',
		run: (desk, args) => (args.length === 0 ? desk.leave() : withRoom((_, room) => desk.leave(room))(desk, args)),
	},
	room: {
		usage: '/room ROOM',
		help: 'talk in a room that you have joined',
		run: withRoom(async (desk, room) => desk.switchTo(room)),
	},
	dm: {
		usage: '/dm NAME',
		help: 'write to a user',
		run: (desk, args) =>
			args[0] === undefined || args.length > 1 ? undefined : desk.direct(args[0].replace(/^@/, '')),
	},
	rooms: { usage: '/rooms', help: 'your conversations, the newest first', run: alone((desk) => desk.rooms()) },
	history: {
		usage: '/history [20]',
		help: `the last messages here, up to ${maxHistory}`,
		run: (desk, args) => {
			const limit = Number(args[0] ?? 20);
			const fits = args.length <= 1 && Number.isInteger(limit) && limit > 0 && limit <= maxHistory;
			return fits ? desk.history(limit) : undefined;
		},
	},
	members: { usage: '/members', help: 'who is here', run: alone((desk) => desk.members()) },
	help: {
		usage: '/help',
		help: 'this list',
		run: alone(async (desk) => {
			for (const { usage, help } of Object.values(commands)) desk.show([usage.padEnd(15), dim(help)]);
			desk.show(['//text'.padEnd(15), dim('a message that begins with a slash')]);
		}),
	},
	quit: { usage: '/quit', help: 'leave; Ctrl-D does the same', run: alone(async () => {}) },
};

const names = Object.keys(commands);

/**
 * Does what a line says; resolves with false when it says to quit. Rejects with what can be shown when it cannot be done.
 */
export const obey = async (line: string, desk: Desk): Promise<boolean> => {
	const input = parseInput(line);
	if (input.kind === 'text') await desk.say(input.body);
	if (input.kind !== 'command') return true;
	const command = Object.hasOwn(commands, input.name) ? commands[input.name] : undefined;
	if (command === undefined) throw new Error(unknownCommand(input.name, names));
	const done = command.run(desk, input.args);
	if (done === undefined) throw new Error(`usage: ${command.usage}`);
	await done;
	return input.name !== 'quit';
};

/** All lines that a typed one may become: names of commands, of users and of rooms. */
export const completions = (typed: string, users: readonly string[], rooms: readonly string[]): string[] => {
	const lines = (command: string, known: readonly string[]) => known.map((name) => `${command}${name}`);
	const all = [...lines('/', names), ...lines('/dm ', users), ...lines('/room ', rooms)];
	return typed.startsWith('/') ? all.filter((line) => line.toLowerCase().startsWith(typed.toLowerCase())) : [];
};
