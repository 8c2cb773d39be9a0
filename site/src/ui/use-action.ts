import { useRef, useState } from 'react';

interface Action<Arguments extends unknown[]> {
	/** Does it, unless it is under way already. Resolves with whether it was done without an error. */
	readonly run: (...values: Arguments) => Promise<boolean>;
	readonly busy: boolean;
	/** What it failed with last; undefined from its next beginning on. */
	readonly error: unknown;
	readonly forget: () => void;
}

/** Something that a person starts, that takes time, and that must not be done twice at once. */
export const useAction = <Arguments extends unknown[]>(
	work: (...values: Arguments) => Promise<void>,
): Action<Arguments> => {
	const [state, setState] = useState<{ readonly busy: boolean; readonly error: unknown }>({
		busy: false,
		error: undefined,
	});
	// The state is seen only after the next render: two clicks may come before that.
	const underWay = useRef(false);
	const run = async (...values: Arguments): Promise<boolean> => {
		if (underWay.current) return false;
		underWay.current = true;
		setState({ busy: true, error: undefined });
		try {
			await work(...values);
			setState({ busy: false, error: undefined });
			return true;
		} catch (error) {
			setState({ busy: false, error });
			return false;
		} finally {
			underWay.current = false;
		}
	};
	return { run, ...state, forget: () => setState({ busy: false, error: undefined }) };
};
