import { expect, test } from 'vitest';
import { isWhole, verdictLine } from './report.ts';
import { runChaos } from './run.ts';

/** One that kills, hangs and rolls; `npm run chaos` takes any other, and longer. */
const seed = 1;

test('a minute of faults under load: what was accepted reaches everybody once and in order, and delivery is soon back', {
	timeout: 240_000,
}, async () => {
	const lines: string[] = [];
	const result = await runChaos({ seconds: 60, seed, store: 'sqlite', rate: 60, print: (line) => lines.push(line) });
	const report = [...lines, ...result.details, ...result.problems, verdictLine(result)].join('\n');
	expect(isWhole(result), report).toBe(true);
});
