import i18next from 'i18next';
import { TschatError } from 'tschat/client';
import { beforeAll, describe, expect, test } from 'vitest';
import { errorText } from '../../../site/src/i18n/error-text.ts';
import { speak, startLanguages } from '../../../site/src/i18n/i18n.ts';

beforeAll(async () => {
	Object.defineProperty(globalThis, 'document', { value: { documentElement: {} }, configurable: true });
	await startLanguages('en');
	return () => Reflect.deleteProperty(globalThis, 'document');
});

const told = (code: string, retryAfter?: number) =>
	errorText(i18next.t, new TschatError(code, 'the text of the server', { retryable: true, retryAfter }));

describe('what a person is told of an error', () => {
	test.each([
		[undefined, 'Too many attempts.'],
		[0, 'Too many attempts. Please try again in 1 second.'],
		[1001, 'Too many attempts. Please try again in 2 seconds.'],
		[119_000, 'Too many attempts. Please try again in 119 seconds.'],
		[119_001, 'Too many attempts. Please try again in 2 minutes.'],
		[900_000, 'Too many attempts. Please try again in 15 minutes.'],
	])('with a wait of %s ms', (wait, text) => {
		expect(told('too-many-attempts', wait)).toBe(text);
	});

	test('in Chinese too', async () => {
		await speak('zh');
		expect(told('too-many-attempts', 4000)).toBe('尝试次数太多。请在 4 秒后重试。');
		expect(told('too-many-attempts', 900_000)).toBe('尝试次数太多。请在 15 分钟后重试。');
		await speak('en');
	});

	test('is never the text of the server, nor of what is no error of the chat', () => {
		expect(told('something-new')).toBe('That did not work. Please try again.');
		expect(errorText(i18next.t, new Error('secret'))).toBe('That did not work. Please try again.');
	});
});

describe('what a person is told of a ban or a mute', () => {
	const until = new Date(2026, 11, 24, 18, 30).toISOString();
	const text = (code: string, details = {}) => errorText(i18next.t, new TschatError(code, 'for programs', details));

	test.each([
		['en', /muted you: you can read/, /muted you until Dec 24, 2026, 6:30.PM: you/, /banned this user until Dec 24/],
		['zh', /^你已被管理员禁言：/, /2026年12月24日 18:30 解除/, /封禁，2026年12月24日/],
	] as const)(
		'in %s: that one is muted or banned, and until when',
		async (language, muted, mutedUntil, bannedUntil) => {
			await speak(language);
			expect(text('muted')).toMatch(muted);
			expect(text('muted', { until })).toMatch(mutedUntil);
			expect(text('banned', { until })).toMatch(bannedUntil);
			expect(text('banned')).not.toMatch(/2026|for programs/);
			expect(text('unheard of')).not.toMatch(/for programs/);
		},
	);
});
