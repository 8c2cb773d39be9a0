import { useState } from 'react';
import { useAction } from './use-action.ts';

/**
 * Code that is loaded when it is first wanted. Unlike React's `lazy` it leaves the page as it is when the code does not come, as when
 * the server is away, and tries again when it is wanted again.
 */
export const useModule = <Module extends object>(load: () => Promise<Module>) => {
	const [module, setModule] = useState<Module>();
	const { run: want, busy, error } = useAction(async () => setModule(await load()));
	return { module, want, busy, error };
};
