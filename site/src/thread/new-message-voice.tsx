import { useEffect, useState } from 'react';
import type { Timeline } from '../chat/timeline.ts';
import { useChat } from '../chat/use-chat.ts';

/** A screen reader is told of so much at a time. */
const maxSpoken = 3;
/** And not more often than this. */
const pauseMs = 1500;

/** How long it stands where a screen reader finds it; what is older is in the list. */
const keptMs = 5000;

/** Tells a screen reader of what arrives in the open conversation, a busy one in parts. */
export const NewMessageVoice = ({ timeline }: { readonly timeline: Timeline }) => {
	const { me } = useChat();
	const [text, setText] = useState('');

	useEffect(() => {
		let spokenTo: number | undefined;
		let next: ReturnType<typeof setTimeout> | undefined;
		let end: ReturnType<typeof setTimeout> | undefined;
		const speak = () => {
			next = undefined;
			const { messages, head, loaded } = timeline.store.getState();
			if (!loaded) return;
			const from = spokenTo ?? head;
			spokenTo = head;
			const fresh = messages.filter(({ seq, from: sender }) => seq > from && sender.id !== me.id).slice(-maxSpoken);
			if (fresh.length === 0) return;
			setText(fresh.map(({ from: { name }, body }) => `${name}: ${body}`).join('\n'));
			clearTimeout(end);
			end = setTimeout(() => setText(''), keptMs);
		};
		speak();
		const unsubscribe = timeline.store.subscribe((state, before) => {
			if (state.head !== before.head || state.loaded !== before.loaded) next ??= setTimeout(speak, pauseMs);
		});
		return () => {
			clearTimeout(next);
			clearTimeout(end);
			unsubscribe();
		};
	}, [timeline, me.id]);

	return (
		<p className="hidden-text" aria-live="polite">
			{text}
		</p>
	);
};
