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

/** How long nothing of what was typed may be done or sent when the input has ended. */
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
		let listening: readonly (() => void)[] = [];
		const stop = () => {
			clearTimeout(timer);
			for (const off of listening) off();
			listening = [];
			process.off('SIGTERM', terminated);
		};
		const finish = (end: End) => {
			stop();
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
		let waiting = 0;
		const late = () => {
			if (waiting > 0) screen.note([red(`not done: ${waiting} line${waiting === 1 ? '' : 's'}`)]);
			finish('late');
		};
		const wait = () => {
			clearTimeout(timer);
			timer = setTimeout(late, lastWaitMs);
		};
		const leave = () => {
			if (timer !== undefined) return;
			wait();
			listening = [chat.on('sent', wait), chat.on('failed', wait)];
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
			stop();
			reject(error);
		});
		screen.start({
			line: (text) => {
				if (timer !== undefined) return turn;
				waiting += 1;
				turn = inTurn(() => take(text), turn).then(() => {
					waiting -= 1;
					// Not before the input has ended, nor after the conversation has.
					if (listening.length > 0) wait();
				});
				return turn;
			},
			ended: leave,
			interrupted: () => finish('interrupted'),
		});
	});
