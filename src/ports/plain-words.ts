/** What gRPC puts around the reason why it has no connection. */
const grpcFrame =
	/^14 UNAVAILABLE: No connection established\. Last error: (?:Error: )?(.*?)(?: \(\d{4}-[^)]*\))?(?:\. Resolution note:.*)?$/;
/** It takes a user and a password in a URL for a part of the name, and tells it. */
const grpcName = /^14 UNAVAILABLE: Name resolution failed for target (?:dns:)?(?:.*@)?/;
/** What OpenSSL says, among addresses, numbers, functions and files: `803C84B5B47F0000:error:0A000412:SSL routines:…:WORDS:…`. */
const opensslFrame = /[0-9A-F]{8,}:error:[0-9A-F]+:[^:]*:[^:]*:([^:]*):.*/;

/** What stands for a reason where gRPC, in its frame, tells none. */
export const noReason = 'no connection';

/** The first line of what a library says of a failure, without what it says to its own developers. */
export const plainWords = (said: string): string => {
	const [line = ''] = said.split('\n');
	const words = line.replace(grpcFrame, '$1').replace(grpcName, 'no address is known of ').replace(opensslFrame, '$1');
	return words === 'null' ? noReason : words;
};
