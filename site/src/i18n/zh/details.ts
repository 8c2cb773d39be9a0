import type { details as english } from '../en/details.ts';
import type { Translation } from '../translation.ts';

export const details: Translation<typeof english> = {
	label: '详情',
	close: '关闭详情',
	roomNumber: '房间编号 {{number}}',
	hereNow: '当前在场',
	members: '成员',
	tooMany: '人数过多，无法列出',
	writeTo: '给 {{name}} 发消息',
	oneself: '{{name}}（我）',
	copyLink: '复制链接',
	copied: '已复制',
	link: '此会话的链接',
	leave: '离开房间',
	leaveTitle: '离开 {{title}}？',
	leaveText: '该房间将从你所有设备的列表中移除。已有的消息会保留，你可以随时重新加入。',
	leaveConfirm: '离开',
};
