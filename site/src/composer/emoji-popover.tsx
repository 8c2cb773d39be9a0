import { Popover } from '@base-ui/react/popover';
import { type RefObject, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { SmileIcon } from '../ui/icons.tsx';
import { EmojiPicker } from './emoji-picker.tsx';
import styles from './emoji-popover.module.css';

interface Props {
	readonly trigger: RefObject<HTMLButtonElement | null>;
	/** Gets the focus when an emoji was chosen. */
	readonly area: RefObject<HTMLTextAreaElement | null>;
	readonly onPick: (emoji: string) => void;
}

/** The emoji's button with its popup, open from the beginning: it takes the place of the button that loaded it. */
export const EmojiPopover = ({ trigger, area, onPick }: Props) => {
	const { t } = useTranslation();
	const [open, setOpen] = useState(true);
	const picked = useRef(false);
	const pick = (emoji: string) => {
		picked.current = true;
		onPick(emoji);
		setOpen(false);
	};
	const onOpenChange = (next: boolean) => {
		picked.current = false;
		setOpen(next);
	};
	return (
		<Popover.Root open={open} onOpenChange={onOpenChange}>
			<Popover.Trigger
				ref={trigger}
				className="button icon"
				aria-label={t('composer.emoji')}
				title={t('composer.emoji')}
			>
				<SmileIcon />
			</Popover.Trigger>
			<Popover.Portal>
				<Popover.Positioner className={styles.positioner} side="top" align="start" sideOffset={8} collisionPadding={8}>
					<Popover.Popup
						className={styles.popup}
						aria-label={t('composer.emoji')}
						finalFocus={() => (picked.current ? area.current : trigger.current)}
					>
						<EmojiPicker onPick={pick} />
					</Popover.Popup>
				</Popover.Positioner>
			</Popover.Portal>
		</Popover.Root>
	);
};
