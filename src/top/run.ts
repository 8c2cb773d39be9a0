import { setTimeout as sleep } from 'node:timers/promises';
import { createLook, type View, type Where } from './look.ts';
import type { TopOptions } from './options.ts';
import { openScreen } from './screen.ts';
import { tableOf } from './table.ts';

const { stdout } = process;

const linesOf = (view: View, json: true | undefined): string[] =>
	json ? [JSON.stringify(view, (_, value) => value ?? null)] : tableOf(view);

/**
 * Shows the cluster until the person ends it, or once. Where nobody sits before a terminal it prints one table after the other.
 * Resolves with the exit code: 1 if there was nothing to show.
 */
export const runTop = async (where: Where, { interval, once, json }: TopOptions): Promise<number> => {
	const ending = new AbortController();
	const quit = () => ending.abort();
	for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, quit);
	// Whoever read it has left.
	stdout.on('error', quit);
	const rest = () => sleep(interval * 1000, undefined, { signal: ending.signal }).catch(() => {});

	const look = createLook(where);
	const screen = stdout.isTTY && !once && !json ? openScreen(quit) : undefined;
	// Rates need two looks.
	let view = await look();
	try {
		if (screen !== undefined) screen.draw(tableOf(view));
		while (!ending.signal.aborted) {
			await rest();
			if (ending.signal.aborted) break;
			view = await look();
			if (screen !== undefined) screen.draw(tableOf(view));
			else if (view.rows.length > 0) stdout.write(`${linesOf(view, json).join('\n')}\n${json ? '' : '\n'}`);
			if (once) break;
		}
	} finally {
		screen?.close();
	}
	return view.rows.length > 0 ? 0 : 1;
};
