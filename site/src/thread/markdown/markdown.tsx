import { createElement, Fragment, memo } from 'react';
import styles from './markdown.module.css';
import { isOnlyEmoji, withEmoji } from './shortcodes.ts';
import { useRenderer } from './use-renderer.ts';

/** Characters that markdown could begin with. Most messages have none, and hundreds a second may come. */
const maybeMarkdown = /[*_`~[<\\|]|:\/\/|www\.|^[ \t]*(?:[#>+=-]|\d+[.)])|\n[ \t]*\n/im;

/** Until the renderer is there, and where it finds too much of it, or too deep: as it was written. */
const Blocks = ({ text, plain }: { readonly text: string; readonly plain: string }) => {
	const render = useRenderer();
	try {
		if (render !== undefined) return createElement(Fragment, null, ...render(text));
	} catch {
		return <p>{text}</p>;
	}
	return <p>{plain}</p>;
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
			{maybeMarkdown.test(text) ? <Blocks text={text} plain={plain} /> : <p>{plain}</p>}
		</div>
	);
});
