// What happens in the pictures of `npm run screenshots`: the same each time, a few days up to today, 10:24 UTC.

const minute = 60_000;
const day = 24 * 60 * minute;
const midnight = Math.floor(Date.now() / day) * day;

/** A time of day, so many days ago; in ms since 1970. */
const at = (daysAgo, time) => {
	const [hours, minutes] = time.split(':').map(Number);
	return midnight - daysAgo * day + (hours * 60 + minutes) * minute;
};

/** When the pictures are taken. */
export const now = at(0, '10:24');

export const people = ['ann', 'bob', 'carol', '李明'];

/** Rooms with a name, and direct conversations (`between`); each line is who, when, what. `unread`: so many, by the first one. */
export const conversations = [
	{
		room: 'release 2.0',
		members: people,
		lines: [
			['bob', at(2, '16:40'), 'The branch is cut. What is still open?'],
			['carol', at(2, '16:42'), '- the migration guide\n- two flaky tests\n- **cake** 🎂'],
			['ann', at(2, '16:45'), 'I take the guide.'],
			['李明', at(1, '09:05'), '测试那边我来看,今天应该能修好。'],
			['bob', at(1, '09:06'), 'Thank you 李明!'],
			['李明', at(1, '15:31'), 'Found it. The test did not wait for the answer:'],
			['李明', at(1, '15:31'), "```ts\nawait room.send('hello');\nexpect(await next()).toBe('hello');\n```"],
			['carol', at(1, '15:34'), 'Ha, the classic. 😄'],
			['ann', at(0, '09:58'), 'The guide is done: https://example.org/guide'],
			['ann', at(0, '09:58'), 'Would somebody read it with fresh eyes?'],
			['carol', at(0, '10:03'), 'Reading.'],
			[
				'carol',
				at(0, '10:14'),
				'Clear and short, I like it. One thing: `--force` is *not* needed any more since last week.',
			],
			['ann', at(0, '10:16'), 'Right, gone.'],
			['bob', at(0, '10:21'), 'Then we ship at noon. Objections?'],
			['carol', at(0, '10:22'), 'None 🚀'],
		],
	},
	{
		between: ['ann', 'bob'],
		lines: [
			['bob', at(1, '11:12'), 'Do you have the numbers of the load test?'],
			[
				'ann',
				at(1, '11:20'),
				'| clients | messages a second |\n|---|---:|\n| 100 | 9,800 |\n| 500 | 48,200 |\n| 1,000 | 96,500 |',
			],
			['bob', at(1, '11:21'), 'That is a straight line!'],
			['ann', at(0, '08:47'), 'Good morning ☀️'],
			['bob', at(0, '08:50'), 'Morning! Have you seen what the edge does when its server is killed?'],
			['ann', at(0, '08:51'), 'It comes back with\n> nothing is missing\n\nand it is right.'],
			['bob', at(0, '10:17'), 'Lunch at the river today?'],
			['ann', at(0, '10:18'), 'Yes, please.'],
			['ann', at(0, '10:18'), 'I bring the cake.'],
		],
	},
	{
		room: '周五分享',
		members: ['ann', '李明', 'carol'],
		unread: 2,
		lines: [
			['carol', at(3, '14:02'), '这周谁来讲?'],
			['李明', at(3, '14:10'), '我来讲**消息日志**:为什么位置不能有空缺。'],
			['carol', at(3, '14:11'), '太好了 👏'],
			['李明', at(1, '17:20'), '提纲:\n1. 日志是唯一的事实\n2. 边缘自己修复\n3. 客户端从断点继续'],
			['ann', at(1, '17:25'), 'Looking forward to it!'],
			['carol', at(0, '09:40'), '会议室订好了,三楼。'],
			['李明', at(0, '09:44'), '谢谢!大家周五见。'],
		],
	},
	{
		between: ['ann', 'carol'],
		unread: 1,
		lines: [
			['ann', at(4, '13:30'), 'Thank you for your help with the guide.'],
			['carol', at(0, '10:09'), 'You are welcome. Coffee later? ☕'],
		],
	},
	{
		room: 'lunch',
		members: ['ann', 'bob', 'carol'],
		lines: [['bob', at(5, '11:55'), 'Dumplings today!']],
	},
	{
		between: ['李明', 'bob'],
		lines: [
			['bob', at(1, '18:02'), 'Great find today.'],
			['李明', at(1, '18:05'), '不客气 🙂'],
		],
	},
];
