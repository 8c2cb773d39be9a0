/** What a WebSocket client asks for (`Sec-WebSocket-Protocol`) to speak v2; without it the server speaks gochat's protocol. */
export const v2Subprotocol = 'tschat.v2';
