import type { inbox as english } from '../en/inbox.ts';
import type { Translation } from '../translation.ts';

export const inbox: Translation<typeof english> = {
	label: '会话',
	search: '搜索会话',
	found_other: '找到 {{count}} 个会话',
	empty: '还没有会话。加入一个房间，或者给别人发消息。',
	begin: '开始聊天',
	unread_other: '{{count}} 条未读',
	connected: '在线',
	you: '我：',
	draft: '草稿：',
	typing: '正在输入…',
	nothing: '还没有消息',
	newChat: '新建聊天',
	joinRoom: '加入房间',
	roomInput: '房间名称或编号',
	roomHint: '如果没有这个名称的房间，将会新建一个。',
	join: '加入',
	writeToSomeone: '给某人发消息',
	personInput: '对方的用户名',
	write: '发消息',
};
