const most = 99;

/** Shows how many messages are unread in the tab's title, and on the icon of an installed page where browsers can. */
export const showUnread = (count: number): void => {
	document.title = count > 0 ? `(${count > most ? `${most}+` : count}) tschat` : 'tschat';
	if (!('setAppBadge' in navigator)) return;
	// Refused where the page is not installed: the title tells it all the same.
	const shown = count > 0 ? navigator.setAppBadge(count) : navigator.clearAppBadge();
	shown.catch(() => undefined);
};
