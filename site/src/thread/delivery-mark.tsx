import { useTranslation } from 'react-i18next';
import { CheckIcon, ChecksIcon, ClockIcon, WarningIcon } from '../ui/icons.tsx';
import styles from './delivery-mark.module.css';
import type { Delivery } from './rows.ts';

const icons = {
	sending: ClockIcon,
	failed: WarningIcon,
	sent: CheckIcon,
	delivered: ChecksIcon,
	read: ChecksIcon,
} as const;

/** How far a message of one's own has got: `readers` counts those of a room who have read it. */
export const DeliveryMark = ({ delivery, readers }: { readonly delivery: Delivery; readonly readers: number }) => {
	const { t } = useTranslation();
	const Icon = icons[delivery];
	const text = readers > 0 ? t('thread.readBy', { count: readers }) : t(`thread.delivery.${delivery}`);
	return (
		<span className={styles.mark} data-delivery={delivery} title={text}>
			<Icon />
			<span className="hidden-text">{text}</span>
		</span>
	);
};
