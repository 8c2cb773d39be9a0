import type { ReactNode } from 'react';

/** As large as the text around it, and in its colour. Decoration: what it stands on has a name. */
const Icon = ({ children }: { readonly children: ReactNode }) => (
	<svg
		viewBox="0 0 24 24"
		width="1em"
		height="1em"
		fill="none"
		stroke="currentColor"
		strokeWidth="2"
		strokeLinecap="round"
		strokeLinejoin="round"
		aria-hidden="true"
	>
		{children}
	</svg>
);

export const CloseIcon = () => (
	<Icon>
		<path d="M6 6l12 12M18 6L6 18" />
	</Icon>
);

export const EyeIcon = () => (
	<Icon>
		<path d="M2 12s4-7 10-7 10 7 10 7-4 7-10 7-10-7-10-7z" />
		<circle cx="12" cy="12" r="3" />
	</Icon>
);

export const EyeOffIcon = () => (
	<Icon>
		<path d="M2 12s4-7 10-7 10 7 10 7-4 7-10 7-10-7-10-7zM4 4l16 16" />
	</Icon>
);

export const ChevronDownIcon = () => (
	<Icon>
		<path d="M6 9l6 6 6-6" />
	</Icon>
);
