/** Whole numbers from 0 to below what is asked for; the same ones in every run. */
export const randomly = (): ((below: number) => number) => {
	let state = 12_345;
	return (below) => {
		state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0;
		return Math.floor((state / 2 ** 32) * below);
	};
};
