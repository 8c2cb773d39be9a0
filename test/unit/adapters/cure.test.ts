import { describe, expect, test } from 'vitest';
import { cureOf, type Server } from '../../../src/adapters/cure.ts';
import { redisUnreachable } from '../../../src/adapters/redis/connection.ts';
import { ChatError } from '../../../src/protocol/errors.ts';
import { failureReason } from '../../../src/runtime/failure-reason.ts';

const withCode = (code: string, message: string) => Object.assign(new Error(message), { code });

describe('what libraries say is cut to its words', () => {
	test.each([
		[
			'803C84B5B47F0000:error:0A000412:SSL routines:ssl3_read_bytes:sslv3 alert bad certificate:../deps/openssl/openssl/ssl/record/rec_layer_s3.c:1601:SSL alert number 42\n',
			'sslv3 alert bad certificate',
		],
		[
			'14 UNAVAILABLE: No connection established. Last error: 800C6DC15A7F0000:error:0A000412:SSL routines:ssl3_read_bytes:tlsv13 alert certificate required:../rec_layer_s3.c:1601:SSL alert number 116\n (2026-11-28T03:29:15.711Z). Resolution note: ',
			'tlsv13 alert certificate required',
		],
		[
			'14 UNAVAILABLE: No connection established. Last error: Error: connect ECONNREFUSED 127.0.0.1:2379. Resolution note: ',
			'connect ECONNREFUSED 127.0.0.1:2379',
		],
		[
			'14 UNAVAILABLE: No connection established. Last error: Failed to connect (2026-11-28T03:29:25.954Z). Resolution note: ',
			'Failed to connect',
		],
		[
			'14 UNAVAILABLE: Name resolution failed for target dns:root:s3cr@t@nowhere.invalid:2379',
			'no address is known of nowhere.invalid:2379',
		],
		['no space left on device', 'no space left on device'],
	])('%s', (said, words) => {
		expect(failureReason(new Error(said))).toBe(words);
	});
});

describe('who is told what is wrong is told what to do', () => {
	test.each<[Server, unknown, string]>([
		['etcd', 'self-signed certificate in certificate chain', 'etcd.ca'],
		['etcd', 'tlsv13 alert certificate required', 'etcd.cert and etcd.key'],
		['etcd', 'Failed to connect', 'https://'],
		['etcd', 'connect ECONNREFUSED 127.0.0.1:2379', 'start it, or correct etcd.hosts'],
		['Redis', 'self-signed certificate', 'NODE_EXTRA_CA_CERTS'],
		['Redis', 'read ECONNRESET', 'rediss://'],
		['Redis', 'connect ECONNREFUSED 127.0.0.1:6379', 'start it, or correct redis.url'],
		// In whatever language, and behind what callers are told.
		['PostgreSQL', withCode('28P01', 'Passwort-Authentifizierung fehlgeschlagen'), 'correct user and password'],
		[
			'PostgreSQL',
			new ChatError('unavailable', undefined, { cause: withCode('3D000', 'existiert nicht') }),
			'create the database',
		],
		['PostgreSQL', withCode('ECONNREFUSED', ''), 'start it, or correct store.url'],
		['MariaDB/MySQL', withCode('ER_BAD_DB_ERROR', 'Unknown database'), 'create the database'],
		['MariaDB/MySQL', withCode('ER_ACCESS_DENIED_ERROR', 'Access denied'), 'correct user and password'],
		['SQLite', withCode('SQLITE_NOTADB', 'file is not a database'), 'no SQLite database'],
		['SQLite', withCode('SQLITE_CORRUPT', 'database disk image is malformed'), 'restore a backup'],
		['SQLite', withCode('SQLITE_CANTOPEN', 'unable to open database file'), 'make the folder writable'],
		['module', 'it refuses the rpc.secret of this process', 'set the rpc.secret of the cluster here'],
		['module', "Hostname/IP does not match certificate's altnames: …", 'rpc.tls_name'],
	])('%s: %s', (server, why, cure) => {
		expect(cureOf(server, why)).toContain(cure);
	});
});

test('a Redis that says nothing to TLS may not speak it; one that refuses, or is asked plainly, is not suspected', () => {
	const told = (why: string, tls: boolean) => redisUnreachable('redis:6379', new Error(why), tls).message;
	expect(told('connect ETIMEDOUT', true)).toContain('does it not speak TLS?');
	expect(told('connect ETIMEDOUT', false)).not.toContain('TLS');
	expect(told('connect ECONNREFUSED 127.0.0.1:6379', true)).not.toContain('TLS');
});
