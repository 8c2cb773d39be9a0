import pg from 'pg';
import { expect, test } from 'vitest';
import { withoutPostgresValues } from '../../../../src/adapters/sql/dialects/without-values.ts';

// As servers say it whose `lc_messages` is another language.
test.each([
	['ungültige Eingabesyntax für Typ bigint: »a »secret««', 'ungültige Eingabesyntax für Typ bigint: "…"'],
	[
		'syntaxe en entrée invalide pour le type bigint : « secret »',
		'syntaxe en entrée invalide pour le type bigint : "…"',
	],
	['неверный синтаксис для типа bigint: "secret"', 'неверный синтаксис для типа bigint: "…"'],
])('of %s the value is taken out, whatever the quotation marks', (message, expected) => {
	const error = new pg.DatabaseError(message, 0, 'error');
	error.code = '22P02';
	expect(withoutPostgresValues(error)).toMatchObject({ message: expected, code: '22P02' });
	expect(error.stack).not.toContain('secret');
});
