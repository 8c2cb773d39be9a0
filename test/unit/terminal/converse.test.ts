import { afterEach, expect, test, vi } from 'vitest';
import type { Chat } from '../../../src/client/index.ts';
import { converse } from '../../../src/terminal/converse.ts';
import type { Desk } from '../../../src/terminal/desk.ts';
import { Outgoing } from '../../../src/terminal/outgoing.ts';
import type { Screen } from '../../../src/terminal/screen.ts';

afterEach(() => void vi.useRealTimers());

/** Types these lines, each of which takes so long to be said, and ends the input. */
const type = (lines: readonly string[], ms: number) => {
	vi.useFakeTimers();
	const said: string[] = [];
	const chat = { ready: Promise.resolve(), on: () => () => {} } as unknown as Chat;
	const desk = {
		begin: async () => {},
		say: async (body: string) => {
			await new Promise((resolve) => setTimeout(resolve, ms));
			said.push(body);
		},
	} as unknown as Desk;
	const screen = {
		note: () => {},
		start: ({ line, ended }: Parameters<Screen['start']>[0]) => {
			for (const text of lines) void line(text);
			ended();
		},
	} as unknown as Screen;
	return { said, end: converse({ chat, desk, screen, outgoing: new Outgoing([]), rooms: [] }) };
};

test('after the end of the input each line that is done gives the rest its time anew', async () => {
	const { said, end } = type(['one', 'two', 'three'], 6000);
	await vi.advanceTimersByTimeAsync(18_000);
	expect([await end, said, vi.getTimerCount()]).toEqual(['done', ['one', 'two', 'three'], 0]);
});

test('a line that takes longer than that ends it, and nothing is waited for after that', async () => {
	const { end } = type(['one'], 11_000);
	await vi.advanceTimersByTimeAsync(10_000);
	expect(await end).toBe('late');
	await vi.advanceTimersByTimeAsync(2000);
	expect(vi.getTimerCount()).toBe(0);
});
