import type { composer } from '../i18n/en/composer.ts';

export type EmojiGroup = keyof typeof composer.emojiGroups;

export interface Emoji {
	readonly symbol: string;
	/** Its name, and after a comma other words that it is searched by. */
	readonly en: string;
	readonly zh: string;
}

/** One emoji a line: the symbol, English and Chinese. */
const group = (name: EmojiGroup, lines: string): { group: EmojiGroup; emoji: Emoji[] } => ({
	group: name,
	emoji: lines
		.trim()
		.split('\n')
		.map((line) => {
			const [symbol = '', en = '', zh = ''] = line.trim().split('|');
			return { symbol, en, zh };
		}),
});

/** What people reach for most; anything else is typed or pasted. */
export const emojiGroups = [
	group(
		'faces',
		`
		😀|grinning face, happy smile|笑脸，开心 高兴
		😄|smiling eyes, happy smile|眉开眼笑，开心 高兴
		😁|beaming face, grin happy|嘻嘻，开心 露齿
		😆|laughing, haha lol|大笑，哈哈
		😅|sweat smile, phew nervous|苦笑，流汗 尴尬
		🤣|rolling on the floor, rofl lol laugh|笑翻，打滚 哈哈
		😂|tears of joy, lol laugh|笑哭，哈哈
		🙂|slightly smiling, ok fine|微笑，还行
		🙃|upside down, silly irony|倒脸，反话 无奈
		😉|wink, joke|眨眼，玩笑
		😊|blush, happy shy|脸红，害羞 高兴
		😇|halo, angel innocent|天使，无辜
		🥰|in love, hearts adore|喜爱，爱心
		😍|heart eyes, love|花痴，爱心 喜欢
		😘|blowing a kiss, love|飞吻，爱
		😋|yummy, tasty delicious|好吃，美味 馋
		😛|tongue, joke playful|吐舌，调皮
		🤪|zany, crazy silly|鬼脸，疯狂
		😎|sunglasses, cool|墨镜，酷
		🤓|nerd, glasses study|书呆子，眼镜
		🥳|party face, celebrate birthday|派对脸，庆祝 生日
		🤗|hug, thanks|拥抱，抱抱
		🤔|thinking, hmm|思考，想
		🤫|quiet, shush secret|安静，嘘 秘密
		😐|neutral face, meh|面无表情，无语
		😏|smirk, smug|得意，坏笑
		🙄|rolling eyes, annoyed|白眼，无语
		😬|grimace, awkward|龇牙，尴尬
		😌|relieved, calm|松口气，安心
		😴|sleeping, tired night|睡觉，困
		🤒|ill, sick fever|生病，发烧
		🤯|mind blown, shocked wow|震惊，爆炸
		😕|confused, unsure|困惑，疑惑
		😟|worried, concerned|担心，忧虑
		😮|surprised, wow|惊讶，哇
		😢|crying, sad tear|流泪，难过 哭
		😭|sobbing, sad cry|大哭，难过
		😱|screaming, fear shocked|尖叫，害怕 惊恐
		😤|huffing, frustrated|生气，不服
		😡|angry, mad rage|愤怒，生气
		💀|skull, dead|骷髅，笑死
		🤖|robot, bot|机器人
		`,
	),
	group(
		'people',
		`
		👍|thumbs up, yes good like agree|赞，好 同意 点赞
		👎|thumbs down, no bad dislike|踩，不好 反对
		👌|ok hand, fine perfect|好的，没问题
		✌️|victory, peace|胜利，耶
		🤞|fingers crossed, luck hope|祈祷，好运
		🤙|call me, phone|打电话
		👋|waving, hello hi bye|挥手，你好 再见
		👏|clapping, applause bravo|鼓掌，拍手
		🙌|raised hands, hooray|举双手，欢呼 举手
		🙏|please, thanks pray|拜托，谢谢 祈祷
		🤝|handshake, deal agree|握手，合作
		💪|strong, muscle power|加油，强壮 肌肉
		👉|pointing right|向右，右边
		👇|pointing down, below|向下，下面
		☝️|pointing up, above|向上，上面
		✍️|writing, note|写字，记录
		👀|eyes, look see|双眼，看 眼睛
		🧠|brain, smart|大脑，聪明
		🤷|shrug, whatever unknown|耸肩，不知道
		🤦|facepalm, oh no|捂脸，无语
		🙋|raising a hand, me question|举手，我 提问
		🏃|running, hurry|跑步，快
		👨‍💻|programmer, developer code|程序员，代码
		👥|people, team group|大家，团队
		`,
	),
	group(
		'nature',
		`
		🐶|dog, pet|狗，宠物
		🐱|cat, pet|猫，宠物
		🐭|mouse|老鼠
		🐰|rabbit, bunny|兔子
		🦊|fox|狐狸
		🐻|bear|熊
		🐼|panda|熊猫
		🐯|tiger|老虎
		🐷|pig|猪
		🐵|monkey|猴子
		🐔|chicken|鸡
		🐧|penguin, linux|企鹅
		🐢|turtle, slow|乌龟，慢
		🐍|snake, python|蛇
		🐳|whale, docker|鲸鱼
		🐛|bug, insect|虫子，缺陷
		🌱|seedling, plant grow|发芽，植物
		🌳|tree|树
		🌸|cherry blossom, flower spring|樱花，花 春天
		🌹|rose, flower|玫瑰，花
		🌈|rainbow|彩虹
		☀️|sun, sunny weather|太阳，晴天
		🌙|moon, night|月亮，晚上 晚安
		⛅|cloud, weather|多云，天气
		🌧️|rain, weather|下雨，天气
		❄️|snow, cold winter|雪，冷 冬天
		`,
	),
	group(
		'food',
		`
		☕|coffee, break|咖啡，休息
		🍵|tea|茶
		🍺|beer, drink|啤酒，喝酒
		🥂|cheers, toast drink|干杯，庆祝
		🧋|bubble tea|奶茶
		🍎|apple, fruit|苹果，水果
		🍉|watermelon, fruit|西瓜，吃瓜 水果
		🍓|strawberry, fruit|草莓，水果
		🍕|pizza|披萨
		🍔|burger|汉堡
		🍜|noodles, ramen|面条，拉面
		🍚|rice|米饭
		🥟|dumpling|饺子
		🍰|cake, dessert|蛋糕，甜点
		🎂|birthday cake|生日蛋糕
		🍪|cookie|饼干
		`,
	),
	group(
		'things',
		`
		🎉|tada, party celebrate congratulations|庆祝，恭喜 派对
		🎁|gift, present|礼物
		🏆|trophy, win|奖杯，冠军
		⚽|football, soccer sport|足球，运动
		🎮|game, play|游戏
		🎵|music, note|音乐
		🚀|rocket, launch ship deploy|火箭，发布 上线
		✈️|airplane, travel|飞机，旅行
		🚗|car|汽车
		🏠|house, home|家，房子
		💻|laptop, computer|电脑
		📱|phone, mobile|手机
		📷|camera, photo|相机，照片
		💡|light bulb, idea|灯泡，主意
		🔧|wrench, fix repair|扳手，修复
		🔒|lock, secure|锁，安全
		🔑|key|钥匙
		📌|pin, important|图钉，重要
		📎|paper clip, attachment|回形针，附件
		📅|calendar, date|日历，日期
		📈|chart up, growth|上涨，增长
		📝|memo, notes|笔记，备忘
		⏰|alarm clock, time|闹钟，时间
		⏳|hourglass, waiting|沙漏，等待
		💰|money|钱
		🧧|red envelope|红包
		`,
	),
	group(
		'signs',
		`
		❤️|red heart, love|红心，爱
		🧡|orange heart, love|橙心，爱
		💛|yellow heart, love|黄心，爱
		💚|green heart, love|绿心，爱
		💙|blue heart, love|蓝心，爱
		💜|purple heart, love|紫心，爱
		💔|broken heart, sad|心碎，伤心
		✨|sparkles, shiny new|闪亮，新
		⭐|star|星星
		🔥|fire, hot|火，厉害
		💯|hundred, perfect|满分，一百
		⚡|lightning, fast|闪电，快
		💥|boom, crash|爆炸
		✅|check mark, done yes|完成，对
		❌|cross mark, no wrong|错误，不
		❓|question mark|问号，疑问
		❗|exclamation mark, important|感叹号，重要
		⚠️|warning, careful|警告，注意
		🚫|forbidden, no|禁止
		➕|plus, add|加
		👁️|eye|眼睛
		🔴|red circle|红点
		🟢|green circle, online|绿点，在线
		`,
	),
] as const;

/** What an emoji is called. */
export const emojiName = ({ en, zh }: Emoji, language: string): string =>
	(language === 'zh' ? zh.split('，') : en.split(','))[0] ?? '';
