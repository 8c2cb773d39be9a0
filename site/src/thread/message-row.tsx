import { memo } from 'react';
import { useTranslation } from 'react-i18next';
import { Avatar } from '../ui/avatar.tsx';
import { DeliveryMark } from './delivery-mark.tsx';
import { FailedSend } from './failed-send.tsx';
import { Markdown } from './markdown/markdown.tsx';
import styles from './message-row.module.css';
import { dayText, fullTime, timeOfDay } from './message-time.ts';
import { type Delivery, type Row, timeOf } from './rows.ts';

interface Props {
	readonly row: Row;
	readonly me: { readonly id: string; readonly name: string };
	/** Whether it stands under the name above it. */
	readonly continued: boolean;
	readonly newDay: boolean;
	/** Whether the line "new messages" stands above it. */
	readonly firstNew: boolean;
	/** Of one's own; null for others'. */
	readonly delivery: Delivery | null;
	/** The beginning of the present day; ms since 1970. */
	readonly today: number;
	/** How many in a room have read it. */
	readonly readers: number;
	readonly onRetry: (ref: string) => void;
	readonly onDiscard: (ref: string) => void;
}

/** A message with what stands above it. Props are plain, so that it renders again only when it changes. */
export const MessageRow = memo((props: Props) => {
	const { row, me, continued, newDay, firstNew, delivery, readers, today } = props;
	const { t, i18n } = useTranslation();
	const pending = row.kind === 'pending';
	const { ref, body } = pending ? row.pending : row.message;
	const from = pending ? me : row.message.from;
	const at = timeOf(row);
	return (
		<div className={styles.place}>
			{newDay && (
				<h3 className={styles.day} data-testid="day">
					<span>{dayText(at, i18n.language, today)}</span>
				</h3>
			)}
			{firstNew && (
				<p className={styles.newLine} data-testid="new-line">
					<span>{t('thread.newMessages')}</span>
				</p>
			)}
			<article
				className={styles.message}
				data-testid="message"
				data-own={delivery !== null}
				data-continued={continued}
				data-seq={pending ? undefined : row.message.seq}
				data-ref={ref}
				data-state={delivery ?? undefined}
			>
				{continued ? <span className={styles.gutter} /> : <Avatar name={from.name} />}
				<div className={styles.content}>
					<header className={continued ? 'hidden-text' : styles.head}>
						<b data-testid="from">{from.name}</b>{' '}
						<time dateTime={new Date(at).toISOString()} title={fullTime(at, i18n.language)}>
							{timeOfDay(at, i18n.language)}
						</time>
					</header>
					<div className={styles.body} data-testid="body">
						<Markdown text={body} />
					</div>
					{pending && row.pending.error !== undefined && (
						<FailedSend
							error={row.pending.error}
							onRetry={() => props.onRetry(row.pending.ref)}
							onDiscard={() => props.onDiscard(row.pending.ref)}
						/>
					)}
				</div>
				<span className={styles.aside}>
					{delivery !== null && <DeliveryMark delivery={delivery} readers={readers} />}
				</span>
			</article>
		</div>
	);
});
