/** Counts what is under way in this process, by key. Keeps nothing of what is not under way. */
export interface UnderWay {
	/** Takes a place under a key; false when `most` are taken. */
	enter(key: string, most: number): boolean;
	leave(key: string): void;
}

export const createUnderWay = (): UnderWay => {
	const counts = new Map<string, number>();
	return {
		enter: (key, most) => {
			const count = counts.get(key) ?? 0;
			if (count >= most) return false;
			counts.set(key, count + 1);
			return true;
		},
		leave: (key) => {
			const count = counts.get(key) ?? 0;
			if (count > 1) counts.set(key, count - 1);
			else counts.delete(key);
		},
	};
};
