import type { ChaosResult } from './run.ts';

/** The line that tells whether the promises held. */
export const verdictLine = ({ accepted, lost, duplicated, reordered, worstRecoveryMs }: ChaosResult): string =>
	`accepted ${accepted} lost ${lost} duplicated ${duplicated} reordered ${reordered} ` +
	`worst_recovery ${(worstRecoveryMs / 1000).toFixed(1)}`;

/** Whether nothing at all was wrong. */
export const isWhole = ({ accepted, lost, duplicated, reordered, problems }: ChaosResult): boolean =>
	accepted > 0 && lost + duplicated + reordered + problems.length === 0;
