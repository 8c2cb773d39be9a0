import Type, { type Static } from 'typebox';

/** A connect server that takes clients. */
export const EndpointV2 = Type.Object({
	serverId: Type.String({ examples: ['connect-ws-V1StGXR8_Z'] }),
	protocol: Type.Union([Type.Literal('ws'), Type.Literal('tcp')]),
	url: Type.String({ examples: ['ws://chat.example:7000/ws'] }),
});
export type EndpointV2 = Static<typeof EndpointV2>;

export const Endpoints = Type.Object({
	items: Type.Array(EndpointV2, { description: 'Best first: the one with the fewest connections' }),
});
