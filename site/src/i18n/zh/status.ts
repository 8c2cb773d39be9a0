import type { status as english } from '../en/status.ts';
import type { Translation } from '../translation.ts';

export const status: Translation<typeof english> = {
	heading: '集群状态',
	back: '返回聊天',
	refused: '仅限管理员',
	refusedWhy: '你当前登录的用户 {{name}} 不是管理员。',
	logInAsAnother: '换个用户登录',
	age: '以下数据更新于{{age}}。',
	figures: {
		connections: '连接数',
		rooms: '有成员的房间',
		accepted: '每秒接收消息',
		delivered: '每秒投递消息',
		queue: '队列长度',
	},
	plots: {
		connections: '连接数',
		messages: '每秒消息数',
		queue: '队列长度',
	},
	lines: {
		connections: '连接数',
		accepted: '接收',
		delivered: '投递',
		queue: '队列长度',
	},
	extremes: '当前 {{last}}，最高 {{highest}}，最低 {{lowest}}',
	modules: '模块',
	columns: {
		server: '服务器',
		answers: '响应',
		up: '运行时间',
		connections: '连接数',
		rooms: '房间',
		address: '地址',
		version: '版本',
	},
	answers: '有响应',
	registered: '已注册',
	doesNotAnswer: '无响应',
};
