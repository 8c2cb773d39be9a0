// Whether the logs of a store are whole: the promise that every log has the positions 1, 2, 3 … up to its head.
import { BackupFailure } from './backup-failure.mjs';

const faults = {
	'conversations whose messages are not 1 to their head': `
		select count(*) as n from (
			select l."key" from logs l left join messages m on m.conv = l."key" where l."key" not like 'user:%'
			group by l."key", l.head having count(m.seq) <> l.head or coalesce(max(m.seq), 0) <> l.head
		) broken`,
	'messages of conversations that are not there': `
		select count(*) as n from messages m left join logs l on l."key" = m.conv where l."key" is null`,
	'inboxes whose entries are not 1 to their head': `
		select count(*) as n from logs l
		left join (select 'user:' || user_id as owner, count(*) as entries, max(pos) as last from inbox group by user_id) i
			on i.owner = l."key"
		where l."key" like 'user:%' and (coalesce(i.entries, 0) <> l.head or coalesce(i.last, 0) <> l.head)`,
	'inbox entries without their message': `
		select count(*) as n from inbox i left join messages m on m.conv = i.conv and m.seq = i.seq where m.seq is null`,
	'message ids that are there twice': `
		select count(*) as n from (select id from messages group by id having count(*) > 1) twice`,
};

/** Counts conversations and messages; fails, naming what is broken, when the logs are not whole. */
export const checkLogs = async ({ all, tables }) => {
	if (!(await tables()).includes('logs')) throw new BackupFailure('this is no backup of a tschat: it has no logs');
	for (const [what, text] of Object.entries(faults)) {
		const [{ n }] = await all(text);
		if (Number(n) > 0) throw new BackupFailure(`the backup is not whole: ${n} ${what}`);
	}
	const [{ conversations }] = await all(`select count(*) as conversations from logs where "key" not like 'user:%'`);
	const [{ messages }] = await all('select count(*) as messages from messages');
	return { conversations: Number(conversations), messages: Number(messages) };
};
