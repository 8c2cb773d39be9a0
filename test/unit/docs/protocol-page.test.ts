import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { accountRoutes } from '../../../src/api/v2/account-routes.ts';
import { conversationRoutes } from '../../../src/api/v2/conversation-routes.ts';
import { endpointRoutes } from '../../../src/api/v2/endpoint-routes.ts';
import { roomRoutes } from '../../../src/api/v2/room-routes.ts';
import { sanctionRoutes } from '../../../src/api/v2/sanction-routes.ts';
import { statusRoutes } from '../../../src/api/v2/status-routes.ts';
import { clientFrames } from '../../../src/protocol/v2/client-frames.ts';
import { serverFrames } from '../../../src/protocol/v2/server-frames.ts';
import { compile } from '../../../src/protocol/validate.ts';

const page = readFileSync(new URL('../../../docs/protocol.md', import.meta.url), 'utf8');
const sides = [
	['client', '→', clientFrames],
	['server', '←', serverFrames],
] as const;

/** The lines between a heading and the next one. */
const section = (heading: string): string => page.split(/^## /m).find((part) => part.startsWith(`${heading}\n`)) ?? '';
const firstCells = (text: string): string[] => Array.from(text.matchAll(/^\| `([^`]+)` \|/gm), ([, cell = '']) => cell);

describe.each(sides)('docs/protocol.md, frames of a %s', (side, arrow, frames) => {
	test('every type has its row, with its fields', () => {
		const heading = `Frames of ${side === 'client' ? 'a client' : 'the server'}`;
		const rows = section(heading).matchAll(/^\| `(\w+)` \| ([^|]+) \|/gm);
		const described = Array.from(rows, ([, type, fields = '']) => [type, fields === '–' ? [] : fields.split(', ')]);
		const declared = Object.entries(frames).map(([type, { properties, required }]) => {
			const names = Object.keys(properties).filter((name) => name !== 'type');
			// Any frame of a client may carry a ref: the page says it once.
			const named = names.filter((name) => side === 'server' || type === 'send' || name !== 'ref');
			return [type, named.map((name) => ((required as readonly string[]).includes(name) ? name : `${name}?`))];
		});
		expect(Object.fromEntries(described)).toEqual(Object.fromEntries(declared));
	});

	test('every frame of its examples is valid', () => {
		const lines = Array.from(page.matchAll(new RegExp(`^${arrow} ({.+)$`, 'gm')), ([, text = '']) => JSON.parse(text));
		expect(lines.length).toBeGreaterThan(5);
		for (const frame of lines) expect(compile(frames[frame.type as keyof typeof frames])(frame)).toBe(frame);
	});
});

test('docs/protocol.md lists every route of v2', () => {
	const routes = [
		...accountRoutes,
		...roomRoutes,
		...conversationRoutes,
		...statusRoutes,
		...sanctionRoutes,
		...endpointRoutes,
	];
	const declared = routes.map(({ method, path }) => `${method} ${path.replace(/:(\w+)/, '{$1}')}`);
	expect(firstCells(section('HTTP')).sort()).toEqual(declared.sort());
});
