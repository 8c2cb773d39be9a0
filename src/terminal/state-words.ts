import type { ChatState } from '../client/index.ts';

/** The state of the connection in words, once for each change that a person cares about. */
export class StateWords {
	#told: 'nothing' | 'connecting' | 'online' | 'offline' = 'nothing';

	/** `waiting` is how many messages wait to be accepted. Undefined when there is nothing new to tell. */
	tell(state: ChatState, waiting: number): string | undefined {
		const before = this.#told;
		if (state === 'connecting' && before === 'nothing') {
			this.#told = 'connecting';
			return 'connecting…';
		}
		if (state === 'online' && before !== 'online') {
			this.#told = 'online';
			return before === 'offline' ? 'back, caught up' : 'connected';
		}
		if (state === 'offline' && before !== 'offline') {
			this.#told = 'offline';
			const wait = waiting === 1 ? '1 message waits, ' : `${waiting} messages wait, `;
			return `offline, ${waiting === 0 ? '' : wait}trying again`;
		}
		return undefined;
	}
}
