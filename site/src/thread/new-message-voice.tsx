import { useEffect, useRef, useState } from 'react';
import type { Timeline } from '../chat/timeline.ts';
import { useChat } from '../chat/use-chat.ts';

/** A screen reader is told of so much at a time. */
const maxSpoken = 3;
/** And not more often than this. */
const pauseMs = 1500;

/** Tells a screen reader of what arrives in the open conversation, a busy one in parts. */
export const NewMessageVoice = ({ timeline }: { readonly timeline: Timeline }) => {
	const { me } = useChat();
	const [text, setText] = useState('');
	const spokenTo = useRef<number | null>(null);

	useEffect(() => {
		spokenTo.current = null;
		setText('');
		let timer: ReturnType<typeof setTimeout> | undefined;
		const speak = () => {
			timer = undefined;
			const { messages, head, loaded } = timeline.store.getState();
			if (!loaded) return;
			const from = spokenTo.current ?? head;
			spokenTo.current = head;
			const fresh = messages.filter(({ seq, from: sender }) => seq > from && sender.id !== me.id);
			if (fresh.length > 0)
				setText(
					fresh
						.slice(-maxSpoken)
						.map(({ from: { name }, body }) => `${name}: ${body}`)
						.join('\n'),
				);
		};
		speak();
		const unsubscribe = timeline.store.subscribe((state, before) => {
			if (state.head !== before.head || state.loaded !== before.loaded) timer ??= setTimeout(speak, pauseMs);
		});
		return () => {
			clearTimeout(timer);
			unsubscribe();
		};
	}, [timeline, me.id]);

	return (
		<p className="hidden-text" aria-live="polite">
			{text}
		</p>
	);
};
