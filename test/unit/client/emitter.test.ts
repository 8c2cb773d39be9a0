import { describe, expect, test } from 'vitest';
import { Emitter } from '../../../src/client/emitter.ts';

describe('events', () => {
	test('reach each listener once, until it is taken off, also from within a listener', () => {
		const emitter = new Emitter<{ one: number }>();
		const seen: string[] = [];
		const offFirst = emitter.on('one', (value) => {
			seen.push(`first ${value}`);
			offFirst();
		});
		const listener = (value: number) => void seen.push(`second ${value}`);
		emitter.on('one', listener);
		const off = emitter.on('one', listener);
		emitter.emit('one', 1);
		off();
		emitter.emit('one', 2);
		emitter.clear();
		emitter.emit('one', 3);
		expect(seen).toEqual(['first 1', 'second 1', 'second 1', 'second 2']);
	});
});
