import type { signIn as english } from '../en/sign-in.ts';
import type { Translation } from '../translation.ts';

export const signIn: Translation<typeof english> = {
	logInTitle: '登录 tschat',
	registerTitle: '注册',
	logInLead: '欢迎回来。',
	registerLead: '只需用户名和密码即可开始聊天。',
	name: '用户名',
	password: '密码',
	showPassword: '显示密码',
	logIn: '登录',
	register: '注册',
	toRegister: '还没有账号？注册',
	toLogIn: '已有账号？登录',
	nameRule: '1 至 20 个字符：文字、数字、“_”、“-”或“.”',
	passwordRule: '6 至 128 个字符',
	nameMissing: '请输入用户名。',
	passwordMissing: '请输入密码。',
	language: '语言',
	endings: {
		revoked: '你已退出登录：此会话已在其他设备上被结束，或密码已被修改。',
		failed: '当前会话无法继续使用，请重新登录。',
		untold: '你已在此处退出，但无法连接服务器来结束会话。为安全起见，请在可以连接时重新登录，并在设置中退出该会话。',
	},
};
