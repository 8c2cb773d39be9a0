import Type from 'typebox';
import { DeviceName, Password, Token, UserName } from '../limits.ts';
import { Time, UserV2 } from '../v2/values.ts';

/** What /v2/users, /v2/sessions and /v2/password take and give. */

const Device = Type.Optional(
	Type.Unsafe<string>({
		...DeviceName,
		description: 'What you call the program or machine, at most 64 characters; the User-Agent header if you do not',
		examples: ['Ann’s laptop'],
	}),
);
const text = (example: string) =>
	Type.String({ minLength: 1, maxLength: 256, description: '1 to 256 characters', examples: [example] });

export const SignUp = Type.Object({
	name: Type.Unsafe<string>({ ...UserName, examples: ['ada'] }),
	password: Type.Unsafe<string>({ ...Password, examples: ['correct horse'] }),
	device: Device,
});
export const SignIn = Type.Object({ name: text('demo'), password: text('111111'), device: Device });

export const SignedIn = Type.Object({
	token: Type.Unsafe<string>({ ...Token, description: 'Goes into the Authorization header, after "Bearer "' }),
	user: UserV2,
});

export const MeV2 = Type.Object({
	...UserV2.properties,
	admin: Type.Boolean({ description: 'Whether an administrator' }),
});

const SessionV2 = Type.Object({
	id: Type.String({ examples: ['V1StGXR8_Z5j'] }),
	device: Type.String({ examples: ['Ann’s laptop'] }),
	createdAt: Time,
	usedAt: Type.With(Time, { description: 'When it was last used, to the hour' }),
	expiresAt: Type.With(Time, { description: 'Use moves it' }),
	current: Type.Boolean({ description: 'Whether it is the one that asks' }),
});

export const Sessions = Type.Object({ items: Type.Array(SessionV2, { description: 'The newest first' }) });

export const SessionParams = Type.Object({
	id: Type.String({
		maxLength: 64,
		description: 'The id of one of your sessions, or "current"',
		examples: ['current'],
	}),
});

export const PasswordChange = Type.Object({
	current: text('correct horse'),
	next: Type.Unsafe<string>({ ...Password, examples: ['battery staple'] }),
});

export const UserQuery = Type.Object({ name: text('bob') });
