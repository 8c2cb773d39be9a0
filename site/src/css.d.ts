import 'react';

declare module 'react' {
	/** Custom properties, as the styles use them. */
	interface CSSProperties {
		[name: `--${string}`]: string | number | undefined;
	}
}
