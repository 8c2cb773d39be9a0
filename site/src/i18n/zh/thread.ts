import type { thread as english } from '../en/thread.ts';
import type { Translation } from '../translation.ts';

export const thread: Translation<typeof english> = {
	messages: '消息',
	messageTo: '发消息到 {{title}}',
	newMessages: '新消息',
	jump: '跳到最新消息',
	unreadBelow_other: '{{count}} 条新消息',
	newAbove: '上方有新消息',
	notLoaded: '无法加载消息。',
	empty: '这里还没有消息。',
	oneTyping: '{{name}} 正在输入…',
	twoTyping: '{{one}} 和 {{other}} 正在输入…',
	severalTyping: '多人正在输入…',
	readBy_other: '{{count}} 人已读',
	delivery: {
		sending: '发送中',
		failed: '未发送',
		sent: '已发送',
		delivered: '已送达',
		read: '已读',
	},
	notSent: '这条消息没有发送。',
	tryAgain: '重试',
	discard: '丢弃',
};
