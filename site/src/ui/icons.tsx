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

export const ClockIcon = () => (
	<Icon>
		<circle cx="12" cy="12" r="9" />
		<path d="M12 7v5l3 2" />
	</Icon>
);

export const CheckIcon = () => (
	<Icon>
		<path d="M5 12.5l4.5 4.5L19 7.5" />
	</Icon>
);

export const ChecksIcon = () => (
	<Icon>
		<path d="M2 12.5l4.5 4.5L16 7.5M11.5 15.5L13 17l9-9.5" />
	</Icon>
);

export const WarningIcon = () => (
	<Icon>
		<path d="M12 3l10 18H2zM12 10v5M12 18v.1" />
	</Icon>
);

export const ArrowDownIcon = () => (
	<Icon>
		<path d="M12 5v14M6 13l6 6 6-6" />
	</Icon>
);

export const BackIcon = () => (
	<Icon>
		<path d="M15 5l-7 7 7 7" />
	</Icon>
);

export const DetailsIcon = () => (
	<Icon>
		<rect x="3" y="4" width="18" height="16" rx="2" />
		<path d="M15 4v16" />
	</Icon>
);

export const ComposeIcon = () => (
	<Icon>
		<path d="M12 4H5a2 2 0 0 0-2 2v13a2 2 0 0 0 2 2h13a2 2 0 0 0 2-2v-7M18.5 2.5a2.1 2.1 0 0 1 3 3L12 15l-4 1 1-4z" />
	</Icon>
);

export const LinkIcon = () => (
	<Icon>
		<path d="M10 13a5 5 0 0 0 7.5.5l3-3a5 5 0 0 0-7-7L12 5M14 11a5 5 0 0 0-7.5-.5l-3 3a5 5 0 0 0 7 7L12 19" />
	</Icon>
);

export const LeaveIcon = () => (
	<Icon>
		<path d="M9 21H5a2 2 0 0 1-2-2V5a2 2 0 0 1 2-2h4M16 17l5-5-5-5M21 12H9" />
	</Icon>
);

export const SendIcon = () => (
	<Icon>
		<path d="M21 3L10 14M21 3l-7 18-4-7-7-4z" />
	</Icon>
);

export const SmileIcon = () => (
	<Icon>
		<circle cx="12" cy="12" r="9" />
		<path d="M8 14s1.5 2.5 4 2.5 4-2.5 4-2.5M9 9.5v.01M15 9.5v.01" />
	</Icon>
);

export const ArrowUpIcon = () => (
	<Icon>
		<path d="M12 19V5M6 11l6-6 6 6" />
	</Icon>
);
