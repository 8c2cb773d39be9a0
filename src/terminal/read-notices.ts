import type { ConversationKey, Receipt } from '../client/index.ts';

/** Tells once of each own direct message that the other has read it: of the newest only, as the ones before it are read too. */
export class ReadNotices {
	/** The newest own message of each conversation. */
	readonly #sent = new Map<ConversationKey, number>();
	readonly #told = new Map<ConversationKey, number>();

	sent(conv: ConversationKey, seq: number): void {
		this.#sent.set(conv, seq);
	}

	/** Whether there is news in what the other user of a direct conversation has read. */
	isNews({ conv, read }: Pick<Receipt, 'conv' | 'read'>): boolean {
		const sent = this.#sent.get(conv) ?? 0;
		if (read < sent || sent <= (this.#told.get(conv) ?? 0)) return false;
		this.#told.set(conv, sent);
		return true;
	}
}
