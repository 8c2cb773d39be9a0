import { now } from './clock.ts';
import { Histogram } from './histogram.ts';
import type { Post } from './http-sender.ts';
import { minBodyBytes } from './marker.ts';
import type { Sent } from './open-loop.ts';
import type { SendPlan } from './plan.ts';
import type { Routes, SenderMethods } from './sender-process.ts';
import type { Worker } from './worker.ts';

export interface SendResult {
	readonly sent: number;
	readonly accepted: number;
	/** Refused, or not answered. */
	readonly failed: number;
	/** Why the first one failed. */
	readonly problem: string | undefined;
	/** Due while as many were unanswered as may be; some of them were not sent at all. */
	readonly late: number;
	/** How many were due. */
	readonly due: number;
	/** From when the first was due until the last one was answered, and not less than the plan's. */
	readonly seconds: number;
	/** The number of the last message that was sent; -1 for none. */
	readonly lastIndex: number;
	/** Whether a message was sent and answered as accepted. */
	isAccepted(index: number): boolean;
	/** From when each was due until it was answered. */
	readonly p50_ms: number;
	readonly p95_ms: number;
	readonly p99_ms: number;
	/** From when each was due until it was sent: where this is long while none is late, the load is the limit. */
	readonly lag_p99_ms: number;
}

const defaultBodyBytes = 100;
const defaultWindow = 256;

/** Until all senders have the order. */
const leadMicros = 100_000;

/** Stands for a body where a request is made; it must pass JSON as it is. */
const placeholder = (bytes: number): string => 'tschat-bench-'.padEnd(bytes, '-');

const toPost = (host: string, post: { path: string; headers: object; body: string }, body: string): Post => {
	const [before, after] = post.body.split(body);
	if (before === undefined || after === undefined) throw new Error('a request does not carry its body as it is');
	const headers = Object.entries({ ...post.headers, host, 'content-length': Buffer.byteLength(post.body) });
	const lines = headers.map(([name, value]) => `${name}: ${value}\r\n`).join('');
	return { before: `POST ${post.path} HTTP/1.1\r\n${lines}\r\n${before}`, after };
};

const toRoutes = (plan: SendPlan, bodyBytes: number): Routes => {
	if ('sockets' in plan) return { http: '', posts: [], sockets: plan.sockets, bodyBytes };
	const { host } = new URL(plan.http);
	const body = placeholder(bodyBytes);
	const posts = plan.posts.map((make) => toPost(host, make(body), body));
	return { http: plan.http, posts, sockets: [], bodyBytes };
};

/** Sends as the plan says; the processes take turns, so that together they keep its rate. */
export const send = async (senders: readonly Worker<SenderMethods>[], plan: SendPlan): Promise<SendResult> => {
	const { rate, seconds, window = defaultWindow, bodyBytes = defaultBodyBytes, firstIndex = 0 } = plan;
	if (bodyBytes < minBodyBytes) throw new Error(`a body has at least ${minBodyBytes} bytes`);
	const routes = toRoutes(plan, bodyBytes);
	await Promise.all(senders.map((one) => one.call('prepare', routes)));
	const apartMicros = 1e6 / rate;
	const startAt = now() + leadMicros;
	const endAt = startAt + seconds * 1e6;
	const step = senders.length;
	const shares = await Promise.all(
		senders.map((one, at) => one.call('run', { firstIndex, place: at, step, startAt, apartMicros, endAt, window })),
	);
	return added(shares, { firstIndex, startAt, endAt, due: Math.ceil(rate * seconds) });
};

const added = (
	shares: readonly Sent[],
	{ firstIndex, startAt, endAt, due }: { firstIndex: number; startAt: number; endAt: number; due: number },
): SendResult => {
	const answers = new Histogram();
	const lags = new Histogram();
	for (const one of shares) {
		answers.merge(one.answers);
		lags.merge(one.lags);
	}
	const failed = new Set(shares.flatMap((one) => one.failed));
	const sum = (of: (one: Sent) => number) => shares.reduce((total, one) => total + of(one), 0);
	const last = (one: Sent, at: number) => (one.sent === 0 ? -1 : firstIndex + at + (one.sent - 1) * shares.length);
	const lastOfEach = shares.map(last);
	return {
		sent: sum(({ sent }) => sent),
		accepted: sum(({ accepted }) => accepted),
		failed: failed.size,
		problem: shares.find(({ problem }) => problem !== undefined)?.problem,
		late: sum(({ late }) => late),
		due,
		seconds: (Math.max(endAt, ...shares.map(({ lastAt }) => lastAt)) - startAt) / 1e6,
		lastIndex: Math.max(...lastOfEach),
		isAccepted: (index) =>
			index >= firstIndex && index <= (lastOfEach[(index - firstIndex) % shares.length] ?? -1) && !failed.has(index),
		...answers.quantiles_ms,
		lag_p99_ms: lags.quantile_ms(0.99),
	};
};
