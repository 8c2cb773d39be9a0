import { createInterface } from 'node:readline';
import { Writable } from 'node:stream';
import { StartError, UsageError } from '../runtime/failures.ts';

/** Asks in the terminal, without an echo. Throws `UsageError` when there is no terminal to ask in, `StartError` when nothing is answered. */
export const askPassword = async (user: string): Promise<string> => {
	if (!process.stdin.isTTY) throw new UsageError('there is no terminal to ask for the password: set TSCHAT_PASSWORD');
	const nowhere = new Writable({ write: (_chunk, _encoding, written) => written() });
	const input = createInterface({ input: process.stdin, output: nowhere, terminal: true });
	// Only now: whoever answers at once would be echoed before.
	process.stderr.write(`password of ${user}: `);
	try {
		return await new Promise((resolve, reject) => {
			input.once('line', resolve);
			input.once('close', () => reject(new StartError('no password was given')));
		});
	} finally {
		input.close();
		process.stderr.write('\n');
	}
};
