import { expect, test } from 'vitest';
import { filesFinding } from '../../../src/doctor/checks/files-check.ts';
import { diskFinding } from '../../../src/doctor/checks/store-check.ts';
import { expiryFinding } from '../../../src/doctor/checks/tls-check.ts';
import { nodeFinding } from '../../../src/doctor/checks/versions-check.ts';

test.each([
	['18.20.0', 'fail'],
	['20.18.3', 'fail'],
	['20.19.0', 'ok'],
	['24.21.0', 'ok'],
	['26.0.0', 'warn'],
])('Node.js %s is %s', (version, level) => {
	expect(nodeFinding(version).level).toBe(level);
});

test.each([
	[50e6, 'fail'],
	[500e6, 'warn'],
	[5e9, 'ok'],
])('%d free bytes on the disk of the store are %s', (bytes, level) => {
	expect(diskFinding(bytes).level).toBe(level);
});

test.each([
	[1024, 16_000, 'warn'],
	[20_000, 20_000, 'warn'],
	[20_511, 20_000, 'warn'],
	[20_512, 20_000, 'ok'],
	[65_536, 20_000, 'ok'],
])('%d open files for %d connections are %s', (limit, connections, level) => {
	expect(filesFinding(limit, connections).level).toBe(level);
});

test.each([
	['2030-01-10', 'warn'],
	['2030-01-16', 'ok'],
])('on 2030-01-01 a certificate that is valid until %s is %s', (validTo, level) => {
	const finding = expiryFinding('tls.cert', new Date(validTo), Date.parse('2030-01-01'));
	expect(finding).toMatchObject({ level, found: `tls.cert is valid until ${validTo}` });
});
