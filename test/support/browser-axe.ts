import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { ChatPage } from './browser-page.ts';

const source = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

interface Violation {
	readonly id: string;
	readonly impact: string | null;
	readonly help: string;
	readonly nodes: readonly { readonly target: readonly string[]; readonly failureSummary?: string }[];
}

/** What axe finds wrong with the page as it stands, one line for each element. */
export const axe = async ({ page }: ChatPage): Promise<readonly string[]> => {
	// Half-faded colours would be measured.
	await page.evaluate(
		'Promise.all(document.getAnimations().map((animation) => animation.finished.catch(() => undefined))).then(() => undefined)',
	);
	await page.evaluate(source);
	const violations = await page.evaluate<Violation[]>('axe.run().then(({ violations }) => violations)');
	return violations.flatMap(({ id, impact, help, nodes }) =>
		nodes.map(
			({ target, failureSummary = '' }) =>
				`${id} (${impact}): ${help}: ${target.join(' ')}: ${failureSummary.replace(/\s+/g, ' ')}`,
		),
	);
};
