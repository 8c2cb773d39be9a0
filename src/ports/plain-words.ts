/** What gRPC puts around the reason why it has no connection. */
const grpcFrame =
	/^14 UNAVAILABLE: No connection established\. Last error: (?:Error: )?(.*?)(?: \(\d{4}-[^)]*\))?(?:\. Resolution note:.*)?$/;
/** What OpenSSL says, among addresses, numbers, functions and files: `803C84B5B47F0000:error:0A000412:SSL routines:…:WORDS:…`. */
const opensslFrame = /[0-9A-F]{8,}:error:[0-9A-F]+:[^:]*:[^:]*:([^:]*):.*/;

/** What stands for a reason where gRPC, in its frame, tells none. */
export const noReason = 'no connection';

/** The first line of what a library says of a failure, without what it says to its own developers. */
export const plainWords = (said: string): string => {
	const [line = ''] = said.split('\n');
	const words = line.replace(grpcFrame, '$1').replace(opensslFrame, '$1');
	return words === 'null' ? noReason : words;
};
