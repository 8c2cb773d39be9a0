import { type Opening, Readers } from './readers.ts';
import { serve, usage } from './serve.ts';

const readers = new Readers();

const methods = {
	connect: (opening: Opening) => readers.connect(opening),
	reset: () => readers.reset(),
	/** When a message came last, in µs; 0 where none has. */
	lastAt: () => readers.tally.lastAt,
	counted: () => readers.tally.counted,
	standing: () => readers.standing,
	usage,
};

export type ReaderMethods = typeof methods;

serve(methods);
