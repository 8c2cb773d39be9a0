// Known holes in what the program brings along: `npm audit` of the production dependencies, as a part of `npm run check`.
// A registry that cannot be asked stops nobody from working. Advisories that do not apply are listed, for a time, in
// audit-exceptions.json: [{ "advisory": "GHSA-…", "reason": "why it does not apply", "until": "2027-01-31" }].
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { pathToFileURL } from 'node:url';

const timeoutMs = 5000;
const serious = new Set(['high', 'critical']);

/** What npm names an advisory by: the last part of its page's address. */
const nameOf = ({ url, source }) => url?.split('/').at(-1) ?? String(source);

/** The serious advisories of a report of `npm audit --json`, each once; undefined: it is no report. */
const advisoriesOf = (report) => {
	if (typeof report?.vulnerabilities !== 'object' || report.vulnerabilities === null) return undefined;
	// Where a package is affected through another one, `via` holds that one's name.
	const all = Object.values(report.vulnerabilities)
		.flatMap(({ via = [] }) => via)
		.filter((via) => typeof via === 'object' && serious.has(via.severity));
	return [...new Map(all.map((via) => [nameOf(via), via])).values()];
};

/** Faults of the list of exceptions itself. */
const faultsOf = (exceptions) =>
	exceptions.flatMap((exception) => {
		const { advisory, reason, until } = exception;
		const isComplete = advisory && reason && /^\d{4}-\d{2}-\d{2}$/.test(until ?? '');
		return isComplete
			? []
			: [`an exception needs advisory, reason and until (YYYY-MM-DD): ${JSON.stringify(exception)}`];
	});

/**
 * What a report means on a day (`YYYY-MM-DD`): lines to print, and whether the check fails.
 * `report` is what `npm audit --json` printed, parsed; undefined when it printed no JSON or took too long.
 */
export const judge = (report, exceptions, today) => {
	const faults = faultsOf(exceptions);
	if (faults.length > 0) return { failed: true, lines: faults };
	const advisories = advisoriesOf(report);
	if (advisories === undefined) {
		const why = report?.message ?? report?.error?.summary ?? 'no answer in time';
		return {
			failed: false,
			lines: [`audit: skipped, the registry gives no advisories (${String(why).split('\n')[0]})`],
		};
	}
	const inForce = new Set(exceptions.filter(({ until }) => until >= today).map(({ advisory }) => advisory));
	const open = advisories.filter((advisory) => !inForce.has(nameOf(advisory)));
	const ended = (advisory) => exceptions.some((exception) => exception.advisory === nameOf(advisory));
	const lines = open.map((advisory) => {
		const { name, severity, title, range } = advisory;
		const note = ended(advisory) ? ' (its exception has ended)' : '';
		return `audit: ${severity}: ${name} ${range}: ${title}, ${nameOf(advisory)}${note}`;
	});
	const needless = exceptions
		.filter(({ advisory }) => !advisories.some((each) => nameOf(each) === advisory))
		.map(({ advisory }) => `audit: the exception for ${advisory} is no longer needed`);
	return { failed: open.length > 0, lines: [...lines, ...needless] };
};

const report = () => {
	const args = [
		'audit',
		'--omit=dev',
		'--audit-level=high',
		'--json',
		'--fetch-retries=0',
		`--fetch-timeout=${timeoutMs}`,
	];
	const { stdout } = spawnSync('npm', args, {
		encoding: 'utf8',
		timeout: timeoutMs,
		stdio: ['ignore', 'pipe', 'ignore'],
	});
	try {
		return JSON.parse(stdout);
	} catch {
		return undefined;
	}
};

const main = () => {
	const exceptions = JSON.parse(readFileSync(new URL('audit-exceptions.json', import.meta.url), 'utf8'));
	const { failed, lines } = judge(report(), exceptions, new Date().toISOString().slice(0, 10));
	for (const line of lines) process.stderr.write(`${line}\n`);
	process.exitCode = failed ? 1 : 0;
};

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) main();
