/** Why a socket was closed, as WebSocket close codes. 4000 to 4499 say "come back", 4500 to 4999 say "stop". */
export const closeCodes = {
	'going-away': { code: 4000, reason: 'server going away, connect again' },
	'auth-timeout': { code: 4001, reason: 'not authenticated in time' },
	'auth-unavailable': { code: 4002, reason: 'sign-in cannot be checked right now, connect again' },
	'ping-timeout': { code: 4003, reason: 'no answer to pings' },
	'too-slow': { code: 4008, reason: 'reading too slowly, connect again and resume' },
	'too-many-connections': { code: 4009, reason: 'too many connections of this user, the oldest is closed' },
	flooding: { code: 4010, reason: 'too many frames, connect again later' },
	'bad-token': { code: 4500, reason: 'session not valid' },
	revoked: { code: 4501, reason: 'session ended' },
	'protocol-error': { code: 4502, reason: 'frame not understood' },
} as const;

export type CloseKey = keyof typeof closeCodes;
