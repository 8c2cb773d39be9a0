import type { Desk } from './desk.ts';
import { dim } from './line.ts';
import { roomNumber } from './options.ts';
import { parseInput, unknownCommand } from './parse.ts';

interface Command {
	readonly usage: string;
	readonly help: string;
	/** Undefined when the arguments do not fit. */
	readonly run: (desk: Desk, args: readonly string[]) => Promise<void> | undefined;
}

const maxHistory = 200;

const withRoom = (act: (desk: Desk, id: number) => Promise<void>): Command['run'] => {
	return (desk, args) => {
		const id = args.length === 1 ? roomNumber(args[0] ?? '') : undefined;
		return id === undefined ? undefined : act(desk, id);
	};
};

const alone = (act: (desk: Desk) => Promise<void>): Command['run'] => {
	return (desk, args) => (args.length === 0 ? act(desk) : undefined);
};

const commands: Readonly<Record<string, Command>> = {
	join: { usage: '/join 7', help: 'join room 7 and talk there', run: withRoom((desk, id) => desk.join(id)) },
	leave: {
		usage: '/leave [7]',
		help: 'leave this room, or room 7',
		run: (desk, args) => (args.length === 0 ? desk.leave() : withRoom((_, id) => desk.leave(id))(desk, args)),
	},
	room: {
		usage: '/room 7',
		help: 'talk in room 7, which you have joined',
		run: withRoom(async (desk, id) => desk.switchTo(id)),
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
	if (input.kind === 'text') desk.say(input.body);
	if (input.kind !== 'command') return true;
	const command = Object.hasOwn(commands, input.name) ? commands[input.name] : undefined;
	if (command === undefined) throw new Error(unknownCommand(input.name, names));
	const done = command.run(desk, input.args);
	if (done === undefined) throw new Error(`usage: ${command.usage}`);
	await done;
	return input.name !== 'quit';
};

/** All lines that a typed one may become: names of commands, and of users. */
export const completions = (typed: string, users: readonly string[]): string[] => {
	const all = [...names.map((name) => `/${name}`), ...users.map((name) => `/dm ${name}`)];
	return typed.startsWith('/') ? all.filter((line) => line.toLowerCase().startsWith(typed.toLowerCase())) : [];
};
