import { hueOf } from './thread.js';

const avatar = (id, name) => {
	const node = document.createElement('span');
	node.className = 'avatar';
	node.dataset.hue = hueOf(id);
	node.ariaHidden = 'true';
	node.textContent = [...name][0]?.toUpperCase() ?? '?';
	return node;
};

/** What is unread, as a number to see and as words to hear. */
const badge = (count) => {
	const node = document.createElement('span');
	node.className = 'badge';
	node.dataset.testid = 'unread';
	node.textContent = count;
	const words = document.createElement('span');
	words.className = 'hidden';
	words.textContent = 'unread';
	return [node, words];
};

const person = ({ id, name }, { ownId, openId, unread, onOpen }) => {
	const item = document.createElement('li');
	const button = document.createElement('button');
	button.type = 'button';
	button.className = 'member';
	button.dataset.userId = id;
	const label = document.createElement('span');
	label.className = 'name';
	label.textContent = name;
	button.append(avatar(id, name), label);
	if (id === ownId) {
		button.disabled = true;
		const you = document.createElement('span');
		you.className = 'muted';
		you.textContent = 'you';
		button.append(you);
	} else {
		button.title = `Write to ${name}`;
		button.ariaCurrent = String(id === openId);
		if (unread.get(id) > 0) button.append(...badge(unread.get(id)));
		button.onclick = () => onOpen({ id, name });
	}
	item.append(button);
	return item;
};

/** Draws a list of people `{id, name}`; the focus stays where it was. Members of the room get `testid`. */
export const drawPeople = (list, people, { testid, ...options }) => {
	const focused = list.contains(document.activeElement) ? document.activeElement.dataset.userId : undefined;
	const items = people.map((one) => person(one, options));
	if (testid !== undefined) for (const item of items) item.firstElementChild.dataset.testid = testid;
	list.replaceChildren(...items);
	if (focused !== undefined) list.querySelector(`[data-user-id="${focused}"]`)?.focus();
};
