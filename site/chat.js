import { Conversation } from './conversation.js';
import { connectLive } from './live.js';
import { directKey, messageOfFrame, roomKey } from './message.js';
import { drawPeople } from './people.js';
import { Thread } from './thread.js';

const op = { direct: 2, room: 3, count: 4, members: 5 };
const stateTexts = { connecting: 'connecting', online: 'online', offline: 'offline, trying again' };
const find = (selector) => document.querySelector(selector);

/**
 * The chat of one signed-in user. Resolves when it is over, with the reason to show at the log-in form:
 * empty after a log-out.
 */
export const runChat = ({ api, wsUrl, session, room, onRoom }) =>
	new Promise((resolve) => {
		const { token, id: ownId } = session;
		const conversations = new Map();
		const directs = new Map();
		const unread = new Map();
		let members = [];
		let roomId;
		let openPeer;
		let closeLive = () => {};
		let over = false;

		const end = (reason) => {
			if (over) return;
			over = true;
			closeLive();
			find('#chat').hidden = true;
			document.title = 'tschat';
			resolve(reason);
		};
		const onError = (error) => {
			if (error.sessionEnded) end('Your session has ended. Please log in again.');
		};

		const conversation = (key, post) => {
			const known = conversations.get(key);
			if (known !== undefined) return known;
			const loadPage = (page) => api.history(token, key, page);
			const made = new Conversation(key, { ownId, loadPage, post, onError });
			conversations.set(key, made);
			return made;
		};
		const directWith = (peer) =>
			conversation(directKey(ownId, peer.id), (msg, ref) =>
				api.post('/push/push', { authToken: token, msg, toUserId: peer.id, roomId, ref }),
			);
		const roomConversation = (number) =>
			conversation(roomKey(number), (msg, ref) =>
				api.post('/push/pushRoom', { authToken: token, msg, roomId: number, ref }),
			);

		const roomThread = new Thread(find('#chat .thread'), { testid: 'message', ownId });
		const directThread = new Thread(find('[data-testid=direct]'), { testid: 'direct-message', ownId });

		const draw = () => {
			const options = { ownId, openId: openPeer?.id, unread, onOpen: openDirect };
			drawPeople(find('[data-testid=members]'), members, { ...options, testid: 'member' });
			drawPeople(find('[data-testid=directs]'), [...directs.values()], options);
			find('#directs-title').hidden = directs.size === 0;
			const total = [...unread.values()].reduce((sum, count) => sum + count, 0);
			find('#unread-total').hidden = total === 0;
			find('#unread-total').textContent = total;
			document.title = total === 0 ? 'tschat' : `(${total}) tschat`;
		};
		const showPeople = (shown) => {
			find('#people').classList.toggle('shown', shown);
			find('#people-toggle').ariaExpanded = String(shown);
		};

		const openDirect = (peer) => {
			openPeer = peer;
			directs.set(peer.id, peer);
			unread.delete(peer.id);
			showPeople(false);
			directThread.section.hidden = false;
			find('#direct-title').textContent = peer.name;
			const direct = directWith(peer);
			directThread.show(direct);
			direct.catchUp();
			directThread.input.focus();
			draw();
		};
		const closeDirect = () => {
			openPeer = undefined;
			directThread.section.hidden = true;
			roomThread.input.focus();
			draw();
		};

		const setMembers = (count, names) => {
			find('#online-count').textContent = count;
			find('#members-note').hidden = names !== null;
			members = Object.entries(names ?? {})
				.map(([id, name]) => ({ id, name }))
				.sort((one, other) => one.name.localeCompare(other.name));
			draw();
		};
		const takeDirect = (frame) => {
			const message = messageOfFrame(frame);
			const own = message.fromId === ownId;
			const peer = own
				? { id: String(frame.toUserId), name: frame.toUserName }
				: { id: message.fromId, name: message.fromName };
			directWith(peer).receive(message);
			directs.set(peer.id, peer);
			if (!own && openPeer?.id !== peer.id) unread.set(peer.id, (unread.get(peer.id) ?? 0) + 1);
			draw();
		};
		const onFrame = (frame) => {
			if (frame.op === op.direct && frame.conv) takeDirect(frame);
			else if (frame.op === op.room && frame.conv === roomKey(roomId)) {
				roomConversation(roomId).receive(messageOfFrame(frame));
			} else if (frame.op === op.count) find('#online-count').textContent = frame.count;
			else if (frame.op === op.members && frame.roomId === roomId) setMembers(frame.count, frame.roomUserInfo);
		};

		const askMembers = async () => {
			const asked = roomId;
			try {
				const info = await api.post('/push/getRoomInfo', { authToken: token, roomId });
				if (asked === roomId) setMembers(info.count, info.roomUserInfo);
			} catch (error) {
				onError(error);
			}
		};
		const onState = (state) => {
			const shown = find('#connection-state');
			shown.dataset.state = state;
			shown.textContent = stateTexts[state];
			if (state !== 'online') return;
			askMembers();
			roomConversation(roomId).catchUp();
			for (const peer of directs.values()) directWith(peer).catchUp();
		};

		const join = (number) => {
			roomId = number;
			onRoom(number);
			find('#room-input').value = number;
			find('#room-title').textContent = `Room ${number}`;
			setMembers(0, {});
			const current = roomConversation(number);
			roomThread.show(current);
			current.catchUp();
			closeLive();
			closeLive = connectLive({
				url: wsUrl,
				token,
				roomId: number,
				onFrame,
				onState,
				onStopped: (reason) => end(`Signed out by the server: ${reason || 'session ended'}.`),
			});
		};

		find('#room-form').onsubmit = (event) => {
			event.preventDefault();
			join(Number(find('#room-input').value));
			roomThread.input.focus();
		};
		find('#direct-close').onclick = closeDirect;
		directThread.section.onkeydown = (event) => {
			if (event.key === 'Escape') closeDirect();
		};
		find('#people-toggle').onclick = () => showPeople(!find('#people').classList.contains('shown'));
		find('#log-out').onclick = async () => {
			end('');
			await api.post('/user/logout', { authToken: token }).catch(() => {});
		};

		find('#me').textContent = session.name;
		find('#chat').hidden = false;
		directThread.section.hidden = true;
		showPeople(false);
		join(room);
		roomThread.input.focus();
	});
