import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type ErrorKey, errorKinds } from '../../../src/protocol/errors.ts';
import { v1Routes } from '../../../src/protocol/http-v1.ts';
import { ErrorV2 } from '../../../src/protocol/http-v2/error.ts';
import { compile } from '../../../src/protocol/validate.ts';
import { requests, startV2 } from './v2-support.ts';

interface Media {
	readonly examples?: Record<string, { readonly value: unknown }>;
}
interface Operation {
	readonly tags: string[];
	readonly summary: string;
	readonly security?: unknown;
	readonly responses: Record<string, { headers?: object; content?: { 'application/json': Media } }>;
}
interface Description {
	readonly paths: Record<string, Record<string, Operation>>;
	readonly tags: { readonly name: string }[];
	readonly components: { readonly securitySchemes: object };
}

let api: Awaited<ReturnType<typeof startV2>>;
let description: Description;
beforeAll(async () => {
	api = await startV2();
	description = (await (await fetch(`${api.url}/docs/json`)).json()) as Description;
});
afterAll(() => api.close());

const operations = () =>
	Object.entries(description.paths).flatMap(([path, methods]) =>
		Object.entries(methods).map(([method, operation]) => [`${method.toUpperCase()} ${path}`, operation] as const),
	);
const v2 = () => operations().filter(([name]) => name.includes(' /v2/'));
const open = ['POST /v2/users', 'POST /v2/sessions', 'GET /v2/endpoints'];

describe('the documentation', () => {
	test('lists every route, and none that is not one', () => {
		const asked = Object.keys(requests).map((name) =>
			name
				.replace(/\?.*/, '')
				.replace(/(dm|room):[0-9:]+/, '{conv}')
				.replace(/(users|sessions)\/\w+/, '$1/{id}'),
		);
		const expected = new Set([...Object.keys(v1Routes).map((path) => `POST ${path}`), ...asked, 'GET /v2/endpoints']);
		expect(new Set(operations().map(([name]) => name))).toEqual(expected);
	});

	test('says in the words of v2 what there is not, and nothing of what was asked', async () => {
		const answer = await fetch(`${api.url}/docs/nothing?token=secret`);
		expect(answer.status).toBe(404);
		const { key, message, retryable } = { key: 'not-found', ...errorKinds['not-found'] };
		expect(await answer.json()).toEqual({ error: { key, message, retryable } });
	});

	test('every route of v2 has a summary, and a tag that is explained', () => {
		const explained = description.tags.map(({ name }) => name);
		for (const [name, { tags, summary }] of v2()) {
			expect(explained, name).toEqual(expect.arrayContaining(tags));
			expect(summary, name).not.toBe('');
		}
	});

	test('tells which routes need a token, and where it goes', () => {
		for (const [name, { security, responses }] of v2()) {
			const needs = !open.includes(name);
			expect(security, name).toEqual(needs ? [{ session: [] }] : undefined);
			if (needs) expect(responses['401'], name).toMatchObject({ headers: { 'www-authenticate': expect.anything() } });
		}
		expect(description.components.securitySchemes).toMatchObject({ session: { type: 'http', scheme: 'bearer' } });
	});

	test('has an example of each error under its status, as it is answered', () => {
		const check = compile(ErrorV2);
		for (const [name, { responses }] of v2()) {
			const errors = Object.entries(responses).filter(([status]) => Number(status) >= 400);
			expect(errors.length, name).toBeGreaterThan(2);
			for (const [status, { content }] of errors) {
				const examples = Object.entries(content?.['application/json'].examples ?? {});
				expect(examples.length, `${name} ${status}`).toBeGreaterThan(0);
				for (const [key, { value }] of examples) {
					expect(check(value).error.key).toBe(key);
					expect(errorKinds[key as ErrorKey].httpStatus).toBe(Number(status));
				}
			}
		}
	});

	test('tells that every route may refuse who asks too much, and when to come back', () => {
		for (const [name, { responses }] of v2()) {
			expect(responses['429'], name).toMatchObject({
				headers: { 'retry-after': expect.anything() },
				content: { 'application/json': { examples: { 'too-many-requests': expect.anything() } } },
			});
		}
		for (const name of ['POST /v2/users', 'POST /v2/sessions', 'PUT /v2/password']) {
			const examples = Object.fromEntries(v2())[name]?.responses['429']?.content?.['application/json'].examples;
			expect(examples, name).toHaveProperty('too-many-attempts');
		}
	});

	test('a success without a body is described as one', () => {
		const bare = v2().filter(([, { responses }]) => '204' in responses);
		expect(bare.length).toBe(10);
		for (const [, { responses }] of bare) expect(responses['204']).not.toHaveProperty('content');
	});

	test('is a page whose scripts and styles load', async () => {
		const response = await fetch(`${api.url}/docs`);
		expect(response.headers.get('content-type')).toMatch('text/html');
		const files = [...(await response.text()).matchAll(/(?:src|href)="([^"]+\.(?:js|css))"/g)];
		expect(files.length).toBeGreaterThan(2);
		for (const [, file = ''] of files) {
			const loaded = await fetch(new URL(file, `${api.url}/docs`));
			await loaded.arrayBuffer();
			expect(loaded.status).toBe(200);
		}
	});
});
