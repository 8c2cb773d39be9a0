import { type ReactNode, useSyncExternalStore } from 'react';

type Render = (text: string) => ReactNode[];

let render: Render | undefined;
let loading: Promise<void> | undefined;
const listeners = new Set<() => void>();

/** Loads what makes elements of markdown. Where it does not come, the next message that needs it tries again. */
export const loadRenderer = (): Promise<void> => {
	loading ??= import('./render.ts').then(
		({ renderMarkdown }) => {
			render = renderMarkdown;
			for (const listener of listeners) listener();
		},
		() => {
			loading = undefined;
		},
	);
	return loading;
};

const subscribe = (changed: () => void): (() => void) => {
	listeners.add(changed);
	void loadRenderer();
	return () => listeners.delete(changed);
};
const current = (): Render | undefined => render;

/**
 * What makes elements of markdown; undefined until it is there. It is a tenth of the page's script, and a page that shows no
 * markdown does without it.
 */
export const useRenderer = (): Render | undefined => useSyncExternalStore(subscribe, current, current);
