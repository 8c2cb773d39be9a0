import styles from './avatar.module.css';

/** One of 24 colours around the wheel, the same for a name each time: by FNV-1a, so that like names differ. */
const hueOf = (name: string): number => {
	let hash = 0x811c9dc5;
	for (const character of name) hash = Math.imul(hash ^ (character.codePointAt(0) ?? 0), 0x01000193) >>> 0;
	return (((hash ^ (hash >>> 15)) >>> 0) % 24) * 15;
};

/** The first letter of a name on a colour of its own; a dot when it is known that the person is here. Decoration: the name stands beside it. */
export const Avatar = ({ name, online }: { readonly name: string; readonly online?: boolean }) => (
	<span
		className={styles.avatar}
		style={{ '--hue': hueOf(name) }}
		// Shown by the style sheet: as text it would belong to the label of the button that it stands in.
		data-letter={[...name.replace(/^#/, '')][0]?.toUpperCase()}
		aria-hidden="true"
	>
		{online && <span className={styles.dot} data-testid="online-dot" />}
	</span>
);
