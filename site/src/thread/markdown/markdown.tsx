import { createElement, Fragment, memo, type ReactNode } from 'react';
import styles from './markdown.module.css';
import { renderMarkdown } from './render.ts';
import { isOnlyEmoji, withEmoji } from './shortcodes.ts';

/** Characters that markdown could begin with. Most messages have none, and hundreds a second may come. */
const maybeMarkdown = /[*_`~[<\\|]|:\/\/|www\.|^[ \t]*(?:[#>+=-]|\d+[.)])|\n[ \t]*\n/im;

const blocks = (text: string): ReactNode => {
	try {
		return createElement(Fragment, null, ...renderMarkdown(text));
	} catch {
		// Too much of it, or too deep: as it was written.
		return <p>{text}</p>;
	}
};

/**
 * A message's text, its markdown shown. Whatever was written: it shows, it never throws, and nothing of it becomes an element that
 * `renderMarkdown` does not know. The cost is bounded by `limits`.
 */
export const Markdown = memo(({ text }: { readonly text: string }) => {
	const plain = withEmoji(text);
	if (isOnlyEmoji(plain)) {
		return (
			<div className={styles.large} dir="auto">
				{plain.trim()}
			</div>
		);
	}
	return (
		<div className={styles.markdown} dir="auto">
			{maybeMarkdown.test(text) ? blocks(text) : <p>{plain}</p>}
		</div>
	);
});
