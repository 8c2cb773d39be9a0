import { afterAll, beforeAll, test } from 'vitest';
import { type Cluster, startCluster } from '../support/cluster.ts';
import { newUser, sdkClient, type Witness } from '../support/sdk-client.ts';

let cluster: Cluster;
beforeAll(async () => {
	cluster = await startCluster({ connectWs: 2, connectTcp: 0 });
});
afterAll(() => cluster.stop());

const recoveryMs = 10_000;
const online = ({ events }: Witness) => events.state.filter((state) => state === 'online').length;

test('a connect server that hangs is left for the next of the fixed servers within ten seconds, by who is connected and by who comes', async () => {
	const open = async () => {
		const { token } = await newUser(cluster.apiUrl);
		return sdkClient({ urls: cluster.wsUrls, token, timeoutMs: 15_000 });
	};
	const connected = await open();
	await connected.until(() => online(connected) === 1, 'online');
	await connected.chat.room(1).join();
	const [first] = cluster.nodes('connect-ws');
	first?.process.signal('SIGSTOP');
	const coming = await open();
	await Promise.all([
		connected.until(() => online(connected) === 2, 'online again', recoveryMs),
		coming.until(() => online(coming) === 1, 'online', recoveryMs),
	]);
	await coming.chat.room(1).send('hello');
	await connected.until(() => connected.bodies('room:1').includes('hello'), 'the message');
	for (const { chat } of [connected, coming]) await chat.close();
	first?.process.signal('SIGCONT');
});
