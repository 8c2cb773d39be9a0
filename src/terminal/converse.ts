import type { Chat } from '../client/index.ts';
import { obey } from './commands.ts';
import type { Desk } from './desk.ts';
import { red } from './line.ts';
import type { RoomChoice } from './options.ts';
import type { Outgoing } from './outgoing.ts';
import type { Screen } from './screen.ts';

/**
 * How a conversation ended: `late` is with something left undone when the time was over, `failed` with something that cannot be done,
 * `terminated` by who ended the process.
 */
export type End = 'done' | 'late' | 'failed' | 'interrupted' | 'terminated';

/** How long what was typed may take to be done and sent when the input has ended. */
const lastWaitMs = 10_000;

interface Parts {
	readonly chat: Chat;
	readonly desk: Desk;
	readonly screen: Screen;
	readonly outgoing: Outgoing;
	/** Rooms to join first. */
	readonly rooms: readonly RoomChoice[];
}

/** Does what is typed, a line when the one before is done, until the input ends. Rejects when the server says to stop. */
export const converse = ({ chat, desk, screen, outgoing, rooms }: Parts): Promise<End> =>
	new Promise((resolve, reject) => {
		let timer: ReturnType<typeof setTimeout> | undefined;
		const finish = (end: End) => {
			clearTimeout(timer);
			process.off('SIGTERM', terminated);
			resolve(end);
		};
		const terminated = () => finish('terminated');
		process.once('SIGTERM', terminated);
		let failed = false;
		const inTurn = (act: () => Promise<void>, after: Promise<void>): Promise<void> =>
			after.then(act).catch((error: Error) => {
				screen.note([red(error.message)]);
				failed = true;
			});
		const leave = () => {
			if (timer !== undefined) return;
			timer = setTimeout(() => finish('late'), lastWaitMs);
			void turn.then(() => outgoing.settled()).then(() => finish(failed || outgoing.refusedAny ? 'failed' : 'done'));
		};
		let turn = inTurn(() => desk.begin(rooms), chat.ready);
		let quit = false;
		const take = async (text: string) => {
			if (quit || (await obey(text, desk))) return;
			quit = true;
			leave();
		};
		chat.on('closed', (error) => {
			clearTimeout(timer);
			reject(error);
		});
		screen.start({
			line: (text) => {
				if (timer === undefined) turn = inTurn(() => take(text), turn);
			},
			ended: leave,
			interrupted: () => finish('interrupted'),
		});
	});
