import { useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import styles from './markdown.module.css';

const shownMs = 2000;

/** Copies what the element shows. Resolves to whether it could; otherwise it is selected, for the person to copy. */
const copy = async (element: HTMLElement): Promise<boolean> => {
	try {
		await navigator.clipboard.writeText(element.textContent);
		return true;
	} catch {
		// Without TLS there is no clipboard.
		getSelection()?.selectAllChildren(element);
		return document.execCommand('copy');
	}
};

interface Props {
	readonly code: string;
	/** What was written behind the fence; may be empty. */
	readonly language: string;
}

/** Code as it was written, with a button that copies it. */
export const CodeBlock = ({ code, language }: Props) => {
	const { t } = useTranslation();
	const element = useRef<HTMLElement>(null);
	const [copied, setCopied] = useState(false);
	useEffect(() => {
		if (!copied) return;
		const timer = setTimeout(() => setCopied(false), shownMs);
		return () => clearTimeout(timer);
	}, [copied]);
	const onCopy = async () => {
		if (element.current !== null) setCopied(await copy(element.current));
	};
	return (
		<div className={styles.codeBlock}>
			<div className={styles.codeHead}>
				<span>{language}</span>
				<button type="button" onClick={onCopy} aria-label={t(copied ? 'composer.copied' : 'composer.copyCode')}>
					{t(copied ? 'composer.copied' : 'composer.copy')}
				</button>
			</div>
			{/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls has to be reached by the keyboard */}
			<pre tabIndex={0}>
				<code ref={element}>{code.replace(/\n$/, '')}</code>
			</pre>
		</div>
	);
};
