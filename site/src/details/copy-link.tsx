import { useId, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { ConversationKey } from 'tschat/client';
import { LinkIcon } from '../ui/icons.tsx';

/** Copies the conversation's address. Where the browser does not let pages copy, as without TLS, it is shown to be copied by hand. */
export const CopyLink = ({ conv }: { readonly conv: ConversationKey }) => {
	const { t } = useTranslation();
	const id = useId();
	const [state, setState] = useState<'ready' | 'copied' | 'by-hand'>('ready');
	const link = () => new URL(`#${conv}`, location.href).href;
	const copy = async () => {
		try {
			await navigator.clipboard.writeText(link());
			setState('copied');
		} catch {
			setState('by-hand');
		}
	};
	return (
		<>
			<button type="button" className="button" onClick={copy}>
				<LinkIcon />
				{t('details.copyLink')}
			</button>
			<span role="status" className={state === 'copied' ? 'muted' : 'hidden-text'}>
				{state === 'copied' && t('details.copied')}
			</span>
			{state === 'by-hand' && (
				<div className="field">
					<label htmlFor={id}>{t('details.link')}</label>
					<input
						id={id}
						className="input"
						readOnly
						value={link()}
						ref={(input) => input?.select()}
						onFocus={(event) => event.target.select()}
					/>
				</div>
			)}
		</>
	);
};
