import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { RoomKey } from 'tschat/client';
import { LeaveIcon } from '../ui/icons.tsx';
import { lazyDialog } from '../ui/lazy-dialog.tsx';

const LeaveDialog = lazyDialog(async () => (await import('./leave-dialog.tsx')).LeaveDialog);

/** The way out of a room. */
export const LeaveRoom = ({ conv }: { readonly conv: RoomKey }) => {
	const { t } = useTranslation();
	const [asks, setAsks] = useState(false);
	return (
		<>
			<button type="button" className="button danger" onClick={() => setAsks(true)}>
				<LeaveIcon />
				{t('details.leave')}
			</button>
			{asks && <LeaveDialog conv={conv} onClose={() => setAsks(false)} />}
		</>
	);
};
