const groupMs = 5 * 60_000;
const renderMs = 16;

const time = new Intl.DateTimeFormat(undefined, { hour: '2-digit', minute: '2-digit' });
const day = new Intl.DateTimeFormat(undefined, { day: 'numeric', month: 'short', hour: '2-digit', minute: '2-digit' });
const isToday = (at) => at.toDateString() === new Date().toDateString();

const element = (tag, className, text) => {
	const node = document.createElement(tag);
	node.className = className;
	if (text !== undefined) node.textContent = text;
	return node;
};

/** A colour of its own for each user. */
export const hueOf = (userId) => Number(userId) % 8;

/** Shows one conversation at a time in a section of the page: its messages and the form to write to it. */
export class Thread {
	#conversation;
	#nodes = new WeakMap();
	#timer;

	/** `section` holds `.scroll`, `.earlier`, `.notice`, `ol` and `.composer`; messages get `testid`. */
	constructor(section, { testid, ownId }) {
		this.section = section;
		this.testid = testid;
		this.ownId = ownId;
		this.scroll = section.querySelector('.scroll');
		this.list = section.querySelector('ol');
		this.earlier = section.querySelector('.earlier');
		this.notice = section.querySelector('.notice');
		this.input = section.querySelector('textarea');
		const form = section.querySelector('.composer');
		form.onsubmit = (event) => {
			event.preventDefault();
			const body = this.input.value.trim();
			if (body === '') return;
			this.input.value = '';
			this.#conversation.send(body);
			this.scroll.scrollTop = this.scroll.scrollHeight;
		};
		this.input.onkeydown = (event) => {
			if (event.key !== 'Enter' || event.shiftKey || event.isComposing) return;
			event.preventDefault();
			form.requestSubmit();
		};
		this.earlier.onclick = () => this.#conversation.loadEarlier();
	}

	show(conversation) {
		this.#conversation?.removeEventListener('change', this.#schedule);
		this.#conversation = conversation;
		conversation.addEventListener('change', this.#schedule);
		this.list.replaceChildren();
		this.#render();
		this.scroll.scrollTop = this.scroll.scrollHeight;
	}

	/** Many changes at once are drawn once. */
	#schedule = () => {
		this.#timer ??= setTimeout(() => {
			this.#timer = undefined;
			this.#render();
		}, renderMs);
	};

	#render() {
		const { messages, outgoing, hasEarlier, problem } = this.#conversation;
		const { scroll, list } = this;
		const toEnd = scroll.scrollHeight - scroll.scrollTop;
		const first = list.firstElementChild;
		const atEnd = toEnd - scroll.clientHeight < 80;
		this.earlier.hidden = !hasEarlier;
		this.notice.textContent = problem || (messages.length + outgoing.length === 0 ? 'No messages yet.' : '');

		let next = first;
		let previous;
		for (const message of messages) {
			next = this.#place(this.#messageNode(message, previous), next);
			previous = message;
		}
		for (const entry of outgoing) next = this.#place(this.#outgoingNode(entry), next);
		while (next !== null) {
			const after = next.nextElementSibling;
			next.remove();
			next = after;
		}

		if (atEnd) scroll.scrollTop = scroll.scrollHeight;
		else if (list.firstElementChild !== first) scroll.scrollTop = scroll.scrollHeight - toEnd;
	}

	#place(node, next) {
		if (node === next) return next.nextElementSibling;
		this.list.insertBefore(node, next);
		return next;
	}

	#messageNode(message, previous) {
		const node = this.#nodes.get(message) ?? this.#newNode(message, message, message.fromName);
		node.dataset.seq = message.seq;
		node.classList.toggle('own', message.fromId === this.ownId);
		node.classList.toggle('continues', previous?.fromId === message.fromId && message.at - previous.at < groupMs);
		return node;
	}

	#outgoingNode(entry) {
		const node = this.#nodes.get(entry) ?? this.#newNode(entry, { ...entry, fromId: this.ownId }, '');
		node.removeAttribute('data-testid');
		node.classList.add('own', 'outgoing', 'continues');
		const failed = entry.failure !== '';
		if (node.classList.toggle('failed', failed) === (node.querySelector('.retry') !== null)) return node;
		if (failed) {
			const retry = element('button', 'retry', 'Retry');
			retry.type = 'button';
			retry.onclick = () => this.#conversation.retry(entry);
			const failure = element('p', 'failure', `Not sent: ${entry.failure} `);
			failure.setAttribute('role', 'alert');
			failure.append(retry);
			node.append(failure);
		} else node.querySelector('.failure').remove();
		return node;
	}

	#newNode(key, { fromId, body, at }, name) {
		const node = element('li', 'message');
		node.dataset.testid = this.testid;
		const head = element('p', 'head');
		const from = element('span', 'from', name);
		from.dataset.hue = hueOf(fromId);
		const when = element('time', 'when', (isToday(at) ? time : day).format(at));
		when.dateTime = at.toISOString();
		head.append(from, when);
		node.append(head, element('p', 'body', body));
		this.#nodes.set(key, node);
		return node;
	}
}
