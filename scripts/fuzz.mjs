// `npm run fuzz -- [--minutes M] [--seed N] [--only "border,border"]`: the fuzz of `npm test`, for as long as is asked for, 5 minutes
// unless told otherwise. Exits with 0 if nothing was found.
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { parseArgs } from 'node:util';

const { values } = parseArgs({
	options: { minutes: { type: 'string', default: '5' }, seed: { type: 'string' }, only: { type: 'string' } },
});
const positive = (name, text) => {
	if (text !== undefined && !(Number(text) > 0)) {
		process.stderr.write(`--${name} must be a positive number\n`);
		process.exit(2);
	}
	return text;
};
const asked = {
	FUZZ_MINUTES: positive('minutes', values.minutes),
	FUZZ_SEED: positive('seed', values.seed),
	FUZZ_ONLY: values.only,
};
const given = Object.fromEntries(Object.entries(asked).filter(([, value]) => value !== undefined));
const vitest = join(import.meta.dirname, '..', 'node_modules', 'vitest', 'vitest.mjs');
const child = spawn(process.execPath, [vitest, 'run', '--project', 'alone', 'test/fuzz/fuzz.test.ts'], {
	cwd: join(import.meta.dirname, '..'),
	stdio: 'inherit',
	env: { ...process.env, ...given },
});
for (const name of ['SIGINT', 'SIGTERM']) process.on(name, () => child.kill(name));
child.once('exit', (code) => process.exit(code ?? 1));
