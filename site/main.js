import { createApi } from './api.js';
import { runChat } from './chat.js';
import { signIn } from './sign-in.js';

/** One tab is one session: two users can chat in two tabs. */
const saved = {
	get session() {
		return JSON.parse(sessionStorage.getItem('session'));
	},
	set session(value) {
		if (value === null) sessionStorage.removeItem('session');
		else sessionStorage.setItem('session', JSON.stringify(value));
	},
	get room() {
		return Number(sessionStorage.getItem('room') ?? 1);
	},
	set room(value) {
		sessionStorage.setItem('room', value);
	},
};

const { apiUrl, wsUrl } = await (await fetch('config.json')).json();
const api = createApi(apiUrl);
let reason = '';
for (;;) {
	saved.session ??= await signIn(api, reason);
	reason = await runChat({
		api,
		wsUrl,
		session: saved.session,
		room: saved.room,
		onRoom: (room) => {
			saved.room = room;
		},
	});
	saved.session = null;
}
