import { Redis } from 'ioredis';
import { queueKeys } from '../../../src/adapters/redis/queue-keys.ts';
import { QueueItem } from '../../../src/protocol/queue-items.ts';
import { decode } from '../../../src/task/decode.ts';
import type { Border, Campaign } from '../campaign.ts';
import { generate } from '../inputs/generate.ts';
import { mutateBytes, splice } from '../inputs/mutate-bytes.ts';
import { mutateJson, toText } from '../inputs/mutate-json.ts';
import type { Random } from '../inputs/random.ts';

const batch = 50;
const keys = queueKeys('tschat');

const itemOf = (random: Random, { world }: Campaign): Buffer => {
	const value = generate(random, QueueItem, world);
	if (random.chance(0.25)) return Buffer.from(toText(value));
	if (random.chance(0.7)) return Buffer.from(mutateJson(random, value));
	const bytes = Buffer.from(toText(value));
	return random.chance(0.7) ? mutateBytes(random, bytes) : splice(random, bytes, Buffer.from('{"type":"room"}'));
};

const isDecodable = (item: Buffer): boolean => {
	try {
		decode(item.toString());
		return true;
	} catch {
		return false;
	}
};

export interface Parked {
	/** How many must have been parked by now. */
	expected: number;
	/** Items that wait or are held by a task. */
	waiting(): Promise<number>;
	/** How many the list of those put aside holds. */
	listed(): Promise<number>;
	close(): void;
}

/** Items pushed straight into the list that task takes from; counts those that nobody can decode. */
export const createQueueBorder = (redisUrl: string): { border: Border; parked: Parked } => {
	const redis = new Redis(redisUrl);
	const parked: Parked = {
		expected: 0,
		waiting: async () => {
			const held = await redis.keys(`${keys.processingBase}*`);
			const lengths = await Promise.all([keys.items, ...held].map((key) => redis.llen(key)));
			return lengths.reduce((sum, length) => sum + length, 0);
		},
		listed: () => redis.llen(keys.parked),
		close: () => redis.disconnect(),
	};
	const lane = async (campaign: Campaign): Promise<void> => {
		for (let inputs = campaign.take(batch); inputs.length > 0; inputs = campaign.take(batch)) {
			const items = inputs.map(({ random }) => itemOf(random, campaign));
			parked.expected += items.filter((item) => !isDecodable(item)).length;
			await redis.lpush(keys.items, ...items);
			// Others wait behind these: what is pushed without an end would only measure how long a list may be.
			while (campaign.alive() && (await redis.llen(keys.items)) > 2000)
				await new Promise((resolve) => setTimeout(resolve, 20));
		}
	};
	return { border: { name: 'queue items', share: 14_000, lanes: 1, lane }, parked };
};
