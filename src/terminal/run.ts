import WebSocket from 'ws';
import { connect, register, signIn, signOut } from '../client/index.ts';
import { UsageError } from '../runtime/failures.ts';
import { completions } from './commands.ts';
import { converse, type End } from './converse.ts';
import { Desk } from './desk.ts';
import { explain } from './explain.ts';
import { fileStore } from './file-store.ts';
import { listen } from './listen.ts';
import { Names } from './names.ts';
import type { ChatOptions } from './options.ts';
import { Outgoing } from './outgoing.ts';
import { parseInput } from './parse.ts';
import { askPassword } from './password.ts';
import { pipeScreen } from './pipe-screen.ts';
import type { Screen } from './screen.ts';
import { TerminalScreen } from './terminal-screen.ts';

const exitCodes: Readonly<Record<End, number>> = { done: 0, late: 1, failed: 1, interrupted: 130, terminated: 143 };
/** How long the end of the session may take: a server that does not answer holds nobody up. */
const signOutMs = 2000;

const tell = (line: string): void => void process.stderr.write(`tschat: ${line}\n`);

const isPipe = (): boolean => !process.stdin.isTTY || !process.stdout.isTTY;

const openScreen = (options: ChatOptions, names: Names): Screen => {
	const { stdout } = process;
	const { NO_COLOR } = process.env;
	const colours = stdout.isTTY && options.color && !NO_COLOR;
	if (isPipe()) return pipeScreen(colours);
	return new TerminalScreen({
		colours,
		complete: (typed) => completions(typed, names.all(), names.rooms()),
		goes: (typed) => parseInput(typed).kind === 'text',
	});
};

/** What is left undone, in words. */
const leftover = (unsent: number, state: string | undefined): string => {
	const messages = `${unsent} message${unsent === 1 ? '' : 's'}`;
	if (unsent === 0) return 'the server did not answer in time';
	return state === undefined ? `not sent: ${messages}` : `not sent yet: ${messages}, which ${state} keeps`;
};

const chatAs = async (options: ChatOptions): Promise<number> => {
	const { url: api, user: name, device, state } = options;
	const { TSCHAT_PASSWORD } = process.env;
	const password = options.password ?? TSCHAT_PASSWORD ?? (await askPassword(name));
	const store = state === undefined ? undefined : fileStore(state);
	const saved = await store?.load();
	const enter = options.register ? register : signIn;
	const { token, user } = await enter({ api, name, password, device });

	const chat = connect({ api, token, user, device, store, WebSocket });
	const outgoing = new Outgoing(saved?.unsent.map(({ ref }) => ref) ?? []);
	const names = new Names(user);
	const screen = openScreen(options, names);
	const desk = new Desk({ chat, api, token, screen, names, outgoing, blind: isPipe() });
	listen({ chat, desk, screen, names, outgoing });
	try {
		const end = await converse({ chat, desk, screen, outgoing, rooms: options.room });
		screen.close();
		if (end === 'late' || outgoing.count > 0) tell(leftover(outgoing.count, state));
		// What failed a person has seen; a script is told by the exit code.
		return end === 'failed' && !isPipe() ? 0 : exitCodes[end];
	} finally {
		screen.close();
		await chat.close();
		// The next start begins another one, and a user has only so many: a script would sign out the user's own devices.
		await signOut({ api, token, signal: AbortSignal.timeout(signOutMs) }).catch(() => {});
	}
};

/** Chats until the input ends. Resolves with the exit code; throws `UsageError`. */
export const runChat = async (options: ChatOptions): Promise<number> => {
	try {
		return await chatAs(options);
	} catch (error) {
		if (error instanceof UsageError) throw error;
		tell(explain(error, options));
		return 1;
	}
};
