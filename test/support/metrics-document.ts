import { catalogue } from '../../src/runtime/metrics/catalogue.ts';
import type { Declaration } from '../../src/runtime/metrics/declaration.ts';

const begin = '<!-- metrics -->';
const end = '<!-- /metrics -->';

const shownBy = ({ modules, adapter }: Declaration): string => {
	const names = modules.length === 6 ? 'all' : modules.join(', ');
	return adapter === 'cluster' ? `${names}; not in one process` : names;
};

const code = (text: string): string => `\`${text}\``;

const rows = Object.entries<Declaration>(catalogue).map(([name, declaration]) => {
	const { kind, labels, help } = declaration;
	return [code(name), kind, labels.map(code).join(', '), shownBy(declaration), help];
});

const table = [['metric', 'kind', 'labels', 'shown by', 'meaning'], ['---', '---', '---', '---', '---'], ...rows]
	.map((cells) => `| ${cells.join(' | ')} |`)
	.join('\n');

/** The page with the table of all metrics between its two markers. Throws when they are not there. */
export const withMetricsTable = (page: string): string => {
	const [before, rest] = page.split(begin);
	const after = rest?.split(end)[1];
	if (before === undefined || after === undefined) throw new Error(`the page has no ${begin} … ${end}`);
	return `${before}${begin}\n\n${table}\n\n${end}${after}`;
};
