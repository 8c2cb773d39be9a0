import type { composer as english } from '../en/composer.ts';
import type { Translation } from '../translation.ts';

export const composer: Translation<typeof english> = {
	send: '发送',
	emoji: '表情',
	placeholder: '输入消息',
	bytesLeft_other: '还可输入 {{count}} 字节',
	tooLong: '内容为单条消息上限的 {{percent}}%，请分几条发送。',
	searchEmoji: '搜索表情',
	noEmoji: '没有找到表情',
	emojiGroups: {
		faces: '表情',
		people: '人物与手势',
		nature: '动物与自然',
		food: '食物与饮料',
		things: '活动与物品',
		signs: '爱心与符号',
	},
	copy: '复制',
	copyCode: '复制代码',
	copied: '已复制',
};
