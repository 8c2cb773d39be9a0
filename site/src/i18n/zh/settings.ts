import type { settings as english } from '../en/settings.ts';
import type { Translation } from '../translation.ts';

export const settings: Translation<typeof english> = {
	title: '设置',
	accountOf: '{{name}} 的账号',
	serverStatus: '服务器状态',
	logOut: '退出登录',
	account: {
		title: '账号',
		name: '当前用户：{{name}}',
		currentPassword: '当前密码',
		newPassword: '新密码',
		changePassword: '修改密码',
		wrongPassword: '当前密码不正确。',
		changed: '密码已修改，其他会话均已退出登录。',
	},
	sessions: {
		title: '登录会话',
		lead: '你已在以下设备登录。',
		since: '登录于 {{time}}',
		current: '当前会话',
		end: '退出 {{device}}',
		endOthers: '退出所有其他会话',
		ended: '已在该处退出登录。',
	},
	appearance: {
		title: '外观',
		theme: '主题',
		themes: { system: '跟随系统', light: '浅色', dark: '深色' },
		language: '语言',
		system: '跟随系统',
	},
	notifications: {
		title: '通知',
		desktop: '在桌面上通知我新消息',
		titleBadge: '在标签页标题中显示未读消息数',
		denied: '浏览器拒绝了通知。请在浏览器设置中允许此页面发送通知，然后重试。',
		insecure: '浏览器仅在 HTTPS 下允许此功能。',
		unsupported: '此浏览器不支持此功能。',
	},
	composer: {
		title: '输入',
		enterSends: '按 Enter 发送消息',
		enterSendsHint: '按 Shift+Enter 换行。',
		enterBreaksHint: '按 Enter 换行，按 Ctrl+Enter 发送。',
	},
};
