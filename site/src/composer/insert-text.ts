/** Puts the text where the caret is, in place of what is selected; its owner hears of it as of any input. The caret stands behind it. */
export const insertText = (area: HTMLTextAreaElement, text: string): void => {
	area.setRangeText(text, area.selectionStart, area.selectionEnd, 'end');
	area.dispatchEvent(new InputEvent('input', { bubbles: true, inputType: 'insertText', data: text }));
};
