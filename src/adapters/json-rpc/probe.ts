import type { ServiceInstance } from '../../ports/service-registry.ts';
import { openSocket, type SocketOptions, socketFailure } from './socket.ts';
import { readAnswer, requestText } from './wire.ts';

/** How long connecting and the call may take, in milliseconds. */
const patienceMs = 4000;

/** In TLS 1.3 a caller's certificate is refused after the handshake, and the end of the connection may overtake the reason. */
const refusal = ({ rpc }: ServiceInstance, reason: string): string =>
	rpc?.startsWith('wss:') && /ECONNRESET|EPIPE|hang up/.test(reason)
		? `it ends the connection (${reason}), as one does that does not take rpc.tls_cert`
		: reason;

/** An error is one, too: the way is what is tried. */
const isAnswer = (text: string): boolean => {
	try {
		return [JSON.parse(text)].flat().some((item) => readAnswer(item) !== undefined);
	} catch {
		return false;
	}
};

/** Makes a call that changes nothing, as a module would make it; the milliseconds that it took. Rejects with an `Error` whose message says why not. */
export const probeRpc = async (instance: ServiceInstance, options: SocketOptions): Promise<number> => {
	const began = performance.now();
	const socket = openSocket(instance, options);
	let timer: NodeJS.Timeout | undefined;
	try {
		return await new Promise<number>((resolve, reject) => {
			timer = setTimeout(() => reject(new Error(`no answer within ${patienceMs / 1000} s`)), patienceMs);
			socket.on('error', (error) => reject(new Error(refusal(instance, socketFailure(error)), { cause: error })));
			socket.on('close', () => reject(new Error('it closed the connection')));
			socket.on('open', () => {
				const method = instance.service === 'logic' ? 'logic.stats' : 'connect.status';
				socket.send(requestText(1, method, '{}'));
			});
			socket.on('message', (data) => {
				if (isAnswer(data.toString())) resolve(performance.now() - began);
				else reject(new Error('what it answers is not JSON-RPC 2.0'));
			});
		});
	} finally {
		clearTimeout(timer);
		socket.terminate();
	}
};
