/** What people type from habit; the emoji button has more. */
const shortcodes = new Map(
	[
		'smile 😄|smiley 😃|grinning 😀|grin 😁|laughing 😆|joy 😂|rofl 🤣|sweat_smile 😅|slightly_smiling_face 🙂|upside_down_face 🙃',
		'wink 😉|blush 😊|innocent 😇|heart_eyes 😍|kissing_heart 😘|yum 😋|stuck_out_tongue 😛|sunglasses 😎|thinking 🤔|zipper_mouth 🤐',
		'neutral_face 😐|expressionless 😑|smirk 😏|unamused 😒|roll_eyes 🙄|grimacing 😬|relieved 😌|pensive 😔|sleeping 😴|confused 😕',
		'worried 😟|frowning 😦|open_mouth 😮|hushed 😯|astonished 😲|flushed 😳|cry 😢|sob 😭|scream 😱|sweat 😓',
		'angry 😠|rage 😡|triumph 😤|exploding_head 🤯|partying_face 🥳|facepalm 🤦|shrug 🤷|skull 💀|poop 💩|robot 🤖',
		'+1 👍|thumbsup 👍|-1 👎|thumbsdown 👎|ok_hand 👌|clap 👏|wave 👋|pray 🙏|muscle 💪|raised_hands 🙌',
		'point_up ☝️|point_right 👉|v ✌️|crossed_fingers 🤞|eyes 👀|heart ❤️|broken_heart 💔|sparkles ✨|fire 🔥|100 💯',
		'tada 🎉|rocket 🚀|star ⭐|bulb 💡|bug 🐛|warning ⚠️|white_check_mark ✅|x ❌|question ❓|exclamation ❗',
		'hourglass ⌛|coffee ☕|beer 🍺|pizza 🍕|cake 🍰|gift 🎁|trophy 🏆|sun ☀️|rainbow 🌈|zap ⚡',
	].flatMap((line) =>
		line.split('|').map((entry): [string, string] => {
			const [name = '', emoji = ''] = entry.split(' ');
			return [name, emoji];
		}),
	),
);

const known = new RegExp(`:(${[...shortcodes.keys()].join('|').replaceAll('+', '\\+')}):`, 'g');

/** The text with the emoji that it names, as in `:tada:`. */
export const withEmoji = (text: string): string =>
	text.includes(':') ? text.replace(known, (written, name) => shortcodes.get(name) ?? written) : text;

const emoji = String.raw`(?:\p{RI}\p{RI}|[0-9#*]\uFE0F?\u20E3|\p{Extended_Pictographic}(?:\uFE0F|\p{EMod})?(?:\u200D\p{Extended_Pictographic}(?:\uFE0F|\p{EMod})?)*)`;
const onlyEmoji = new RegExp(String.raw`^\s*(?:${emoji}\s*){1,3}$`, 'u');

/** Whether the text is one to three emoji and nothing else. */
export const isOnlyEmoji = (text: string): boolean => text.length <= 60 && onlyEmoji.test(text);
