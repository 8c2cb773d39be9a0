import { useTranslation } from 'react-i18next';
import type { TschatError } from 'tschat/client';
import { errorText } from '../i18n/error-text.ts';
import styles from './failed-send.module.css';

interface Props {
	readonly error: TschatError;
	readonly onRetry: () => void;
	readonly onDiscard: () => void;
}

/** Why a message was refused, and what can be done. */
export const FailedSend = ({ error, onRetry, onDiscard }: Props) => {
	const { t } = useTranslation();
	return (
		<div className={styles.failed} role="alert">
			<span>
				{t('thread.notSent')} {errorText(t, error)}
			</span>
			<button type="button" className="button" onClick={onRetry}>
				{t('thread.tryAgain')}
			</button>
			<button type="button" className="button" onClick={onDiscard}>
				{t('thread.discard')}
			</button>
		</div>
	);
};
