import { renderToStaticMarkup } from 'react-dom/server';
import { beforeAll, describe, expect, test } from 'vitest';
import { speak, startLanguages } from '../../../site/src/i18n/i18n.ts';
import { PageContext } from '../../../site/src/page-context.ts';
import { SignIn } from '../../../site/src/session/sign-in.tsx';

const markup = () =>
	renderToStaticMarkup(
		<PageContext value={{ apiUrl: 'http://api.example', wsUrl: null }}>
			<SignIn />
		</PageContext>,
	);

beforeAll(async () => {
	Object.defineProperty(globalThis, 'document', { value: { documentElement: {} }, configurable: true });
	await startLanguages('en');
	return () => Reflect.deleteProperty(globalThis, 'document');
});

describe('the log-in', () => {
	test('has what browsers and password managers need', () => {
		const page = markup();
		expect(page).toContain('<h1>Log in to tschat</h1>');
		const inputs = Array.from(page.matchAll(/<input [^>]*>/g), ([input]) => input);
		expect(inputs).toEqual([expect.stringContaining('name="name"'), expect.stringContaining('name="password"')]);
		expect(inputs[0]).toContain('autoComplete="username"');
		expect(inputs[1]).toMatch(/autoComplete="current-password".* type="password"/);
		expect(page).toContain('New here? Register');
		expect(page).not.toContain('role="alert"');
	});

	test('speaks Chinese', async () => {
		await speak('zh');
		expect(markup()).toContain('<h1>登录 tschat</h1>');
		await speak('en');
	});
});
