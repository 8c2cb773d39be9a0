import type { Finding } from './finding.ts';

/** For people: a line each. */
export const asText = (findings: readonly Finding[]): string => {
	const width = Math.max(...findings.map(({ what }) => what.length)) + 2;
	const lines = findings.map(
		({ level, what, found, todo }) =>
			`${level.padEnd(6)}${what.padEnd(width)}${found}${todo === null ? '' : ` … ${todo}`}`,
	);
	return `${lines.join('\n')}\n`;
};

/** For programs: `{ok, findings: [{level, what, found, todo}]}`. */
export const asJson = (findings: readonly Finding[]): string =>
	`${JSON.stringify({ ok: !findings.some(({ level }) => level === 'fail'), findings }, null, 2)}\n`;
