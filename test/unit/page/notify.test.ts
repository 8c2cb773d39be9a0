import { afterEach, describe, expect, test, vi } from 'vitest';
import {
	askForNotifications,
	notificationState,
	notificationsPossible,
	notifyDesktop,
} from '../../../site/src/notify/desktop.ts';
import { showUnread } from '../../../site/src/notify/title-badge.ts';

afterEach(() => vi.unstubAllGlobals());

interface Browser {
	readonly secure?: boolean;
	readonly permission?: NotificationPermission;
	/** What the person answers. */
	readonly answer?: NotificationPermission;
	/** As Chrome on Android: it has the permission, and throws. */
	readonly throws?: boolean;
}

/** The part of a browser that notifications need. */
const browser = ({ secure = true, permission = 'default', answer = 'granted', throws = false }: Browser = {}) => {
	const told: { title: string; options: NotificationOptions; closed: boolean; onclick: (() => void) | null }[] = [];
	const asked = { times: 0, focused: 0 };
	class Notification {
		static permission = permission;
		static async requestPermission() {
			asked.times += 1;
			Notification.permission = answer;
			return answer;
		}
		closed = false;
		onclick: (() => void) | null = null;
		constructor(
			readonly title: string,
			readonly options: NotificationOptions,
		) {
			if (throws) throw new TypeError('Illegal constructor');
			told.push(this);
		}
		close() {
			this.closed = true;
		}
	}
	const focus = () => {
		asked.focused += 1;
	};
	vi.stubGlobal('window', { isSecureContext: secure, Notification, focus });
	vi.stubGlobal('Notification', Notification);
	return { told, asked };
};

const message = { title: 'ann', body: 'hi', tag: 'dm:1:2', onClick: () => {} };

describe('notifications on the desktop', () => {
	test('are told when they are allowed; a click brings the page to the front, then what was told of', () => {
		const { told, asked } = browser({ permission: 'granted' });
		const clicked: number[] = [];
		expect(notifyDesktop({ ...message, onClick: () => clicked.push(asked.focused) })).toBe(true);
		expect(told).toMatchObject([{ title: 'ann', options: { body: 'hi', tag: 'dm:1:2' }, closed: false }]);
		told[0]?.onclick?.();
		expect(clicked).toEqual([1]);
		expect(told[0]?.closed).toBe(true);
	});

	test.each([{ permission: 'default' }, { permission: 'denied' }, { permission: 'granted', secure: false }] as const)(
		'are not told otherwise, and nobody is asked: %o',
		(state) => {
			const { told, asked } = browser(state);
			expect(notifyDesktop(message)).toBe(false);
			expect(told).toEqual([]);
			expect(asked.times).toBe(0);
		},
	);

	test('that a browser refuses to make do no harm', () => {
		browser({ permission: 'granted', throws: true });
		expect(notifyDesktop(message)).toBe(false);
	});

	test('are asked for once, until the person has decided', async () => {
		const { asked } = browser({ answer: 'denied' });
		expect(notificationState()).toBe('undecided');
		expect(await askForNotifications()).toBe('denied');
		expect(await askForNotifications()).toBe('denied');
		expect(asked.times).toBe(1);
	});

	test('are impossible outside of secure contexts, and in browsers without them', () => {
		browser({ secure: false });
		expect([notificationState(), notificationsPossible()]).toEqual(['insecure', false]);
		vi.stubGlobal('window', { isSecureContext: true });
		expect([notificationState(), notificationsPossible()]).toEqual(['unsupported', false]);
		browser({ permission: 'denied' });
		expect(notificationsPossible()).toBe(true);
	});
});

describe('the title', () => {
	test.each([
		[0, 'tschat'],
		[3, '(3) tschat'],
		[99, '(99) tschat'],
		[100, '(99+) tschat'],
	])('of %i unread messages is %s', (count, title) => {
		vi.stubGlobal('document', { title: '' });
		vi.stubGlobal('navigator', {});
		showUnread(count);
		expect(document.title).toBe(title);
	});

	test('an installed page has the count on its icon, and the title has it where that is refused', async () => {
		vi.stubGlobal('document', { title: '' });
		const badges: unknown[] = [];
		vi.stubGlobal('navigator', {
			setAppBadge: async (count: number) => {
				badges.push(count);
				throw new Error('not installed');
			},
			clearAppBadge: async () => badges.push('none'),
		});
		showUnread(5);
		showUnread(0);
		expect(badges).toEqual([5, 'none']);
		expect(document.title).toBe('tschat');
	});
});
