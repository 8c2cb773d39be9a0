/** Whether this page may tell of messages on the desktop; `insecure` and `unsupported` cannot be changed by asking. */
export type NotificationState = 'granted' | 'undecided' | 'denied' | 'insecure' | 'unsupported';

export const notificationState = (): NotificationState => {
	// Outside of secure contexts some browsers have no Notification at all, and others refuse without asking.
	if (!window.isSecureContext) return 'insecure';
	if (!('Notification' in window)) return 'unsupported';
	return Notification.permission === 'default' ? 'undecided' : Notification.permission;
};

/** Whether there is any use in asking the person. */
export const notificationsPossible = (): boolean => !['insecure', 'unsupported'].includes(notificationState());

/** Asks the person, unless that is decided. To be called on a click: browsers ask for nothing less. */
export const askForNotifications = async (): Promise<NotificationState> => {
	if (notificationState() === 'undecided') await Notification.requestPermission();
	return notificationState();
};

export interface DesktopNotification {
	readonly title: string;
	readonly body: string;
	/** A later one with the same tag takes the place of this one, and alerts again. */
	readonly tag: string;
	/** Called after the page's window has been brought to the front. */
	onClick(): void;
}

/** Tells on the desktop, if the person has allowed it. Whether it did: Chrome on Android refuses it to pages. */
export const notifyDesktop = ({ title, body, tag, onClick }: DesktopNotification): boolean => {
	if (notificationState() !== 'granted') return false;
	try {
		// `renotify` is missing in TypeScript's DOM.
		const options: NotificationOptions & { renotify: boolean } = { body, tag, icon: '/favicon.svg', renotify: true };
		const notification = new Notification(title, options);
		notification.onclick = () => {
			window.focus();
			notification.close();
			onClick();
		};
		return true;
	} catch {
		return false;
	}
};
