/** Chinese punctuation ends an address too: nobody puts a space before it. */
const address = /^(?:https?:\/\/|www\.)[\p{L}\p{N}[][^\s"<>，。；：！？、（）《》「」『』【】“”‘’]*/iu;
const trailing = new Set("?!.,:;*_'~");

const count = (text: string, character: string): number => text.split(character).length - 1;

/** The address that the text begins with, without the sentence's punctuation after it; undefined when there is none. */
export const bareLink = (text: string): string | undefined => {
	const found = address.exec(text)?.[0];
	if (found === undefined) return undefined;
	let end = found.length;
	// A closing parenthesis belongs to the address when the opening one does.
	let unopened = count(found, ')') - count(found, '(');
	for (let last = found[end - 1]; last !== undefined; last = found[end - 1]) {
		if (last === ')' && unopened > 0) unopened--;
		else if (!trailing.has(last)) break;
		end--;
	}
	return found.slice(0, end);
};
