import { type Check, isNeeded } from '../examination.ts';
import { type Finding, fail, ok, warn } from '../finding.ts';

const noticeableMs = 1000;
const wrongMs = 60_000;

const compare = (name: string, skewMs: number): Finding => {
	const seconds = (Math.abs(skewMs) / 1000).toFixed(1);
	const found = `${seconds} s ${skewMs > 0 ? 'behind' : 'ahead of'} the clock of ${name}`;
	const remedy = 'run an NTP client on both machines: message times, ids and sessions follow the clock';
	if (Math.abs(skewMs) < noticeableMs) return ok('clock', `the same as the clock of ${name}`);
	return (Math.abs(skewMs) < wrongMs ? warn : fail)('clock', found, remedy);
};

/** Our clock beside those of Redis and of the database. Silent about what does not answer: others tell that. */
export const checkClock: Check = async (examination) => {
	const { probes } = examination;
	const redis = isNeeded(examination, 'redis') ? await probes.redis().catch(() => []) : [];
	const store = isNeeded(examination, 'store') ? await probes.store().catch(() => undefined) : undefined;
	return [
		...redis.map(({ address, skewMs }) => compare(`Redis at ${address}`, skewMs)),
		...(store?.skewMs == null ? [] : [compare(`the database at ${store.address}`, store.skewMs)]),
	];
};
