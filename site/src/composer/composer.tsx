import { type ChangeEvent, type KeyboardEvent, useEffect, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import { SendIcon } from '../ui/icons.tsx';
import styles from './composer.module.css';
import { EmojiButton } from './emoji-button.tsx';
import { messageBody } from './message-body.ts';
import { sends } from './sends.ts';

interface Props {
	/** The accessible name of what one writes in. */
	readonly label: string;
	readonly draft: string;
	/** Whether Enter sends and Shift+Enter breaks the line; otherwise Enter breaks it. Ctrl+Enter and Cmd+Enter always send. */
	readonly enterSends: boolean;
	/** What a message may hold, in bytes of UTF-8. */
	readonly maxBytes?: number;
	readonly onDraft: (text: string) => void;
	/** Gets what is to be sent, never empty and never too long. The draft is emptied after it, and stays when it throws. */
	readonly onSend: (body: string) => void;
	/** At each input that leaves something to send. */
	readonly onTyping: () => void;
	/** Another one: the person has come to another conversation, and may write at once. */
	readonly focusKey: string;
}

const maxRows = 8;

/** With a finger, the focus would cover half of the page by the keyboard. */
const isTouch = (): boolean => matchMedia('(pointer: coarse)').matches;

/** Where a message is written. The draft is the owner's; nothing else is kept here. */
export const Composer = (props: Props) => {
	const { label, draft, enterSends, maxBytes = 8192, onDraft, onSend, onTyping, focusKey } = props;
	const { t } = useTranslation();
	const area = useRef<HTMLTextAreaElement>(null);
	const { text, left, canSend } = messageBody(draft, maxBytes);

	// biome-ignore lint/correctness/useExhaustiveDependencies: `focusKey` is not read, it tells that another conversation is open
	useEffect(() => {
		const { current } = area;
		if (current === null || isTouch()) return;
		current.focus();
		current.setSelectionRange(current.value.length, current.value.length);
	}, [focusKey]);

	const send = () => {
		area.current?.focus();
		if (!canSend) return;
		onSend(text);
		onDraft('');
	};
	const onKeyDown = (event: KeyboardEvent) => {
		if (!sends(event.nativeEvent, enterSends)) return;
		event.preventDefault();
		send();
	};
	const onChange = ({ target }: ChangeEvent<HTMLTextAreaElement>) => {
		onDraft(target.value);
		if (target.value.trim() !== '') onTyping();
	};
	const tooLong = left !== undefined && left < 0;
	return (
		<div className={styles.composer}>
			<div className={styles.row}>
				<EmojiButton area={area} />
				<textarea
					ref={area}
					className={styles.area}
					aria-label={label}
					aria-invalid={tooLong}
					placeholder={t('composer.placeholder')}
					rows={Math.min(maxRows, draft.split('\n').length)}
					enterKeyHint={enterSends ? 'send' : 'enter'}
					dir="auto"
					value={draft}
					onChange={onChange}
					onKeyDown={onKeyDown}
				/>
				<button
					type="button"
					className={`button icon ${styles.send}`}
					aria-label={t('composer.send')}
					title={t('composer.send')}
					disabled={!canSend}
					onClick={send}
				>
					<SendIcon />
				</button>
			</div>
			<p role="status" className={tooLong ? `${styles.status} error` : `${styles.status} muted`}>
				{left !== undefined &&
					(tooLong
						? t('composer.tooLong', { percent: Math.ceil(((maxBytes - left) / maxBytes) * 100) })
						: t('composer.bytesLeft', { count: left }))}
			</p>
		</div>
	);
};
