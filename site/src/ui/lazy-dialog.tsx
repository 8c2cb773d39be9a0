import { type ComponentType, useEffect, useEffectEvent, useState } from 'react';

interface Closable {
	readonly onClose: () => void;
}

/**
 * A dialog whose code is loaded when it is first shown. Unlike with React's `lazy`, a load that fails breaks nothing: the dialog
 * counts as closed, and is loaded when it is wanted again.
 */
export const lazyDialog = <Props extends Closable>(load: () => Promise<ComponentType<Props>>): ComponentType<Props> => {
	let loaded: ComponentType<Props> | undefined;
	return function LazyDialog(props: Props) {
		const [Dialog, setDialog] = useState(() => loaded);
		const failed = useEffectEvent(() => props.onClose());
		useEffect(() => {
			if (loaded !== undefined) return;
			load().then((dialog) => {
				loaded = dialog;
				setDialog(() => dialog);
			}, failed);
		}, []);
		return Dialog !== undefined && <Dialog {...props} />;
	};
};
