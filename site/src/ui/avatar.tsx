import styles from './avatar.module.css';

/** Twelve colours around the wheel, the same for a name each time. */
const hueOf = (name: string): number => {
	let sum = 0;
	for (const character of name) sum = (sum * 31 + (character.codePointAt(0) ?? 0)) % 12;
	return sum * 30;
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
