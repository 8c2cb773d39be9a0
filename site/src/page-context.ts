import { createContext, useContext } from 'react';
import type { PageConfig } from './page-config.ts';

export const PageContext = createContext<PageConfig | undefined>(undefined);

/** Where the API and the sockets are. Throws outside of the page's context. */
export const usePageConfig = (): PageConfig => {
	const config = useContext(PageContext);
	if (config === undefined) throw new Error('outside of PageContext');
	return config;
};
