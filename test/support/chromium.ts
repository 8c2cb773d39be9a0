import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';
import { type Browser, chromium } from 'playwright-core';

const isExecutable = (path: string): boolean => {
	try {
		accessSync(path, constants.X_OK);
		return true;
	} catch {
		return false;
	}
};

/** Debian's Chromium, or Ubuntu's, which has another name. */
const chromiumPath = (): string => {
	const { PATH = '' } = process.env;
	const folders = PATH.split(delimiter);
	const paths = ['chromium', 'chromium-browser'].flatMap((name) => folders.map((folder) => join(folder, name)));
	const found = paths.find(isExecutable);
	if (found === undefined) throw new Error('no chromium in PATH');
	return found;
};

/** The system's Chromium, without a window. By itself it asks nothing of the network. */
export const launchChromium = (): Promise<Browser> =>
	chromium.launch({
		executablePath: chromiumPath(),
		args: [
			'--no-sandbox',
			'--disable-gpu',
			'--disable-quic',
			'--no-first-run',
			'--disable-background-networking',
			'--disable-component-update',
			'--disable-sync',
		],
	});
