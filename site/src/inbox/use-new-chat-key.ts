import { useEffect, useEffectEvent } from 'react';

/** Calls back at Ctrl+K or Cmd+K, unless a dialog has the person's attention. */
export const useNewChatKey = (pressed: () => void): void => {
	const keyDown = useEffectEvent((event: KeyboardEvent) => {
		const { ctrlKey, metaKey, shiftKey, altKey, key } = event;
		if (ctrlKey === metaKey || shiftKey || altKey || key.toLowerCase() !== 'k') return;
		// Browsers go to their address bar.
		event.preventDefault();
		if (document.querySelector('[role="dialog"], [role="alertdialog"]') === null) pressed();
	});
	useEffect(() => {
		const listener = (event: KeyboardEvent) => keyDown(event);
		addEventListener('keydown', listener);
		return () => removeEventListener('keydown', listener);
	}, []);
};
