import Type from 'typebox';

/** Longest message body, in bytes of UTF-8. */
export const maxBodyBytes = 8192;
/**
 * Longest message body as JSON text, in bytes: what fits into gochat's TCP packet (32,767) with the other fields.
 * Only bodies full of control characters, six bytes each in JSON, come near it.
 */
export const maxEncodedBodyBytes = 31_000;
/** Rooms with more members than this get counts instead of member lists. */
export const maxListedMembers = 500;
/** Most messages in one page of history. */
export const maxHistoryPage = 200;

/** Most conversations in one page of the inbox. */
export const maxConversationsPage = 500;
/** Users that one question about who is connected may name. */
export const maxOnlineQuery = 200;
/** Conversations that one hello may resume; so a connection cannot follow more rooms, and a server may allow fewer, which `welcome` tells. */
export const maxCursors = 1000;
/** In rooms with more members than this nobody hears of another's typing and receipts, and nobody is told them who asks. */
export const maxReceiptMembers = 100;

/** Most bans and mutes in one page of them. */
export const maxSanctionsPage = 200;

/** 1 to 20 letters (of any script), digits, `_`, `-`, `.`, none that is invisible. Unique without regard to case. */
export const UserName = Type.String({
	pattern: '^(?!\\p{M})(?!.*\\p{Default_Ignorable_Code_Point})[\\p{L}\\p{M}\\p{Nd}_.-]{1,20}$',
	description: '1 to 20 letters, digits, "_", "-" or "."',
});
/**
 * The name of a room, 1 to 50 letters (of any script), digits, spaces, `_`, `-`, `.`, not digits alone, and neither
 * beginning nor ending with a space. Unique without regard to case.
 */
export const RoomName = Type.String({
	pattern: '^(?![0-9]+$)(?!\\p{M})(?! )(?!.*\\p{Default_Ignorable_Code_Point})[\\p{L}\\p{M}\\p{Nd}_. -]{1,50}(?<! )$',
	description: '1 to 50 letters, digits, spaces, "_", "-" or ".", not digits alone',
});
export const Password = Type.String({ minLength: 6, maxLength: 128, description: '6 to 128 characters' });
export const Token = Type.String({ minLength: 1, maxLength: 256 });
/** What a user calls the program or machine of a session. */
export const DeviceName = Type.String({ maxLength: 64, description: 'at most 64 characters' });
/** Whom limits count a request for: an IPv4 address, or the first 64 bits of an IPv6 one. */
export const Client = Type.String({ minLength: 1, maxLength: 64 });
/** Why a user was banned or muted. */
export const maxReasonLength = 500;
export const Reason = Type.String({ maxLength: maxReasonLength, description: 'at most 500 characters' });
/** The sender's name for a message; a retry carries the same one. */
export const Ref = Type.String({ minLength: 1, maxLength: 64 });
/** The schema bounds the characters; logic checks the bytes (`maxBodyBytes`). */
export const Body = Type.String({ minLength: 1, maxLength: maxBodyBytes });
/** Numbers that the store gives to rooms with a name begin here: above those that people choose. */
export const firstNamedRoom = 1_000_000_000_000;
export const RoomId = Type.Integer({ minimum: 1, maximum: Number.MAX_SAFE_INTEGER });
