import type { app as english } from '../en/app.ts';
import type { Translation } from '../translation.ts';

export const app: Translation<typeof english> = {
	name: 'tschat',
	unreachable: '无法连接到聊天服务',
	tryAgain: '重试',
	loading: '加载中…',
	close: '关闭',
	cancel: '取消',
	back: '返回',
	more: '更多',
	errors: {
		'bad-request': '输入不符合要求，请检查。',
		'wrong-credentials': '用户名或密码错误。',
		'name-taken': '该用户名已被占用。',
		'user-unknown': '没有这个用户。',
		'not-found': '没有找到。',
		'limit-reached': '已达到上限。',
		unauthorized: '会话已结束。',
		forbidden: '你没有权限执行此操作。',
		'too-large': '消息太长。',
		'queue-full': '等待发送的消息太多。',
		unreachable: '无法连接服务器，请重试。',
		unavailable: '服务器暂时无法处理，请重试。',
		other: '操作失败，请重试。',
	},
};
