import type { RequestListener } from 'node:http';
import { gochatWebSocket } from '../connect/codecs/gochat-v1.ts';
import { tschatWebSocket } from '../connect/codecs/tschat-v2.ts';
import { startGateway } from '../connect/gateway.ts';
import { v2Subprotocol } from '../protocol/v2/subprotocol.ts';
import { trustedProxies } from '../runtime/client-address.ts';
import { dataHeaders } from '../runtime/http/common-headers.ts';
import { listen } from '../runtime/listen.ts';
import type { CreateModule } from '../runtime/module.ts';
import { createWebServer } from '../runtime/secure-server.ts';
import { createOriginLog, originCheck } from './origin.ts';
import { acceptUpgrades } from './upgrade.ts';

/** How long clients may take to answer the close before their sockets are cut. */
const closeGraceMs = 1000;

/** The WebSocket gateway. */
export const createConnectWsModule: CreateModule = async (context) => {
	const { host, port, path, public_url, allowed_origins, max_frame_bytes } = context.config.connect_ws;
	const { certificates } = context;
	const scheme = certificates === undefined ? 'ws' : 'wss';
	return {
		service: 'connect-ws',
		start: async () => {
			const gateway = await startGateway(context);
			// Whoever connects and asks for nothing has as long as one that does not authenticate.
			const { auth_timeout_ms: headersTimeout } = context.config.connect;
			const connectionsCheckingInterval = Math.min(headersTimeout, 1000);
			const options = { headersTimeout, requestTimeout: headersTimeout, connectionsCheckingInterval };
			const answer: RequestListener = (_request, response) => {
				response
					.writeHead(426, {
						...dataHeaders(certificates !== undefined),
						'content-type': 'text/plain',
						upgrade: 'websocket',
						connection: 'close',
					})
					.end('a WebSocket is served here\n');
			};
			const http = createWebServer(certificates, answer, options);
			http.maxConnections = gateway.mostSockets;
			http.on('drop', () => gateway.server.refused('connections_total'));
			// None is left out: it could be the one in which a proxy names the client.
			http.maxHeadersCount = 0;
			const upgrades = acceptUpgrades(http, {
				path,
				mayCome: originCheck(allowed_origins),
				foreign: createOriginLog(context.logger, () => gateway.server.refused('allowed_origins')),
				maxFrameBytes: max_frame_bytes,
				maxHeaderFields: context.config.limits.http_header_fields,
				tooManyFields: context.metrics.counter('tschat_limit_refusals_total', { limit: 'http_header_fields' }),
				trusted: trustedProxies(context.config.proxy.trusted),
				server: gateway.server,
				codecOf: (subprotocol) => (subprotocol === v2Subprotocol ? tschatWebSocket : gochatWebSocket),
				subprotocols: new Set([v2Subprotocol]),
			});
			const listening = await listen(http, host, port);
			return {
				rpc: gateway.rpcAddress,
				publicUrl: public_url === '' ? `${scheme}://${context.clientHost(host)}:${listening}${path}` : public_url,
				notReady: () => gateway.notReady(),
				stop: async () => {
					const closed = new Promise((resolve) => http.close(resolve));
					http.closeIdleConnections();
					upgrades.refuseAll();
					await gateway.stop();
					await upgrades.close(closeGraceMs);
					http.closeAllConnections();
					await closed;
				},
			};
		},
	};
};
