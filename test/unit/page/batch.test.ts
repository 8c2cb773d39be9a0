import { afterEach, expect, test, vi } from 'vitest';
import { Batch } from '../../../site/src/chat/batch.ts';

afterEach(() => vi.unstubAllGlobals());

test('what a batch costs is measured one at a time, and never in a hidden tab, which has no frames', async () => {
	const page = { visibilityState: 'visible' };
	const frames: (() => void)[] = [];
	vi.stubGlobal('document', page);
	vi.stubGlobal('requestAnimationFrame', (callback: () => void) => frames.push(callback));
	const taken: string[] = [];
	const batch = new Batch<string>((items) => taken.push(...items), 0);
	const show = (item: string) => {
		batch.add(item);
		batch.flush();
	};
	show('in sight');
	show('before its frame');
	expect(frames.length).toBe(1);
	page.visibilityState = 'hidden';
	frames.shift()?.();
	await new Promise((resolve) => setTimeout(resolve));
	show('out of sight');
	expect(frames.length).toBe(0);
	page.visibilityState = 'visible';
	show('in sight again');
	expect([frames.length, taken.length]).toEqual([1, 4]);
});
