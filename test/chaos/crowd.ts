import { register, type SignedIn } from '../../src/client/index.ts';
import { type ConversationKey, directKey, roomKey } from '../../src/protocol/logs.ts';
import { type Books, Device } from './device.ts';
import type { Random } from './random.ts';

/** A user with one or two devices, and the conversations that all of them watch. */
export interface Member {
	readonly session: SignedIn;
	readonly devices: readonly Device[];
	readonly convs: readonly ConversationKey[];
}

const rooms = 20;
const users = 120;
/** The first of them have two devices, which makes 200. */
const withTwoDevices = 80;
const roomsEach = 2;
const atOnce = 10;

/** Carries out `act` for each item, ten at a time; the results in the order of the items. */
export const inGroups = async <T, R>(items: readonly T[], act: (item: T) => Promise<R>): Promise<R[]> => {
	const results: R[] = [];
	for (let from = 0; from < items.length; from += atOnce) {
		results.push(...(await Promise.all(items.slice(from, from + atOnce).map(act))));
	}
	return results;
};

/** 200 clients of 120 users, connected; each user is in two rooms, and writes directly with two others. */
export const gatherCrowd = async (api: string, books: Books, random: Random): Promise<Member[]> => {
	const names = Array.from({ length: users }, (_, index) => `user-${index}`);
	const sessions = await inGroups(names, (name) => register({ api, name, password: '111111' }));
	const allRooms = Array.from({ length: rooms }, (_, index) => roomKey(index + 1));
	const plans = sessions.map((session, index) => {
		const neighbours = [sessions.at(index - 1), sessions[(index + 1) % users]];
		const directs = neighbours.map((other) => directKey(Number(session.user.id), Number(other?.user.id)));
		const count = index < withTwoDevices ? 2 : 1;
		return { session, count, convs: [...random.shuffled(allRooms).slice(0, roomsEach), ...directs] };
	});
	const connect = async (session: SignedIn, name: string, convs: readonly ConversationKey[]) => {
		const device = new Device({ name, session, books, api });
		await device.chat.ready;
		for (const conv of convs) await device.watch(conv);
		return device;
	};
	return inGroups(plans, async ({ session, count, convs }) => {
		const name = session.user.name;
		const devices: Device[] = [];
		for (let index = 0; index < count; index += 1)
			devices.push(await connect(session, `${name} device ${index}`, convs));
		return { session, devices, convs };
	});
};
