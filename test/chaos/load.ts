import type { Member } from './crowd.ts';
import type { HttpSender } from './http-sender.ts';
import type { Random } from './random.ts';

interface LoadOptions {
	readonly members: readonly Member[];
	readonly http: HttpSender;
	readonly random: Random;
	/** Messages a second, half of them over sockets. */
	readonly rate: number;
}

const tickMs = 50;
/** During an outage no more than so many wait. */
const maxUnderWay = 300;
/** A send over a socket is tried until it is accepted; this long after the end it counts as given up. */
const lastMs = 45_000;

const words = 'lorem ipsum dolor sit amet Zürich 你好 🎉 consectetur\nadipiscing <b>elit</b> "sed"'.split(' ');

/** Messages of all members into their conversations, over HTTP and over their sockets. */
export const startLoad = ({ members, http, random, rate }: LoadOptions): { stop(): Promise<void> } => {
	const sending = new Set<Promise<void>>();
	let [begun, ticks] = [0, 0];
	const sendOne = () => {
		const { session, devices, convs } = random.pick(members);
		const conv = random.pick(convs);
		const body = Array.from({ length: random.between(1, 40) }, () => random.pick(words)).join(' ');
		const sent = begun % 2 === 0 ? http.send(session.token, conv, body) : random.pick(devices).send(conv, body);
		sending.add(sent);
		void sent.finally(() => sending.delete(sent));
	};
	const timer = setInterval(() => {
		ticks += 1;
		for (; begun < (ticks * tickMs * rate) / 1000; begun += 1) if (sending.size < maxUnderWay) sendOne();
	}, tickMs);
	return {
		stop: async () => {
			clearInterval(timer);
			const given = new Promise<void>((resolve) => setTimeout(resolve, lastMs).unref());
			await Promise.race([Promise.all(sending), given]);
		},
	};
};
