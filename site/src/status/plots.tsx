import { type ComponentType, lazy, Suspense, useId, useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import type { ClusterStatus } from 'tschat/client';
import type { CanvasPlotProps, Line } from './canvas-plot.tsx';
import { extremesOf, type History, historyOf } from './figures.ts';
import { useFormats } from './formats.ts';
import styles from './plots.module.css';

/** Where the drawing does not load, the figure's caption tells what it shows. */
const CanvasPlot = lazy<ComponentType<CanvasPlotProps>>(() =>
	import('./canvas-plot.tsx').then(
		({ CanvasPlot }) => ({ default: CanvasPlot }),
		() => ({ default: () => null }),
	),
);

const connections: readonly Line[] = [{ figure: 'connections', colour: '--accent' }];
const messages: readonly Line[] = [
	{ figure: 'accepted', colour: '--accent' },
	{ figure: 'delivered', colour: '--good', dashed: true },
];
const queue: readonly Line[] = [{ figure: 'queue', colour: '--warn' }];

const plots = { connections, messages, queue };

interface PlotProps {
	readonly name: keyof typeof plots;
	readonly history: History;
}

const Plot = ({ name, history }: PlotProps) => {
	const { t } = useTranslation();
	const { number } = useFormats();
	const id = useId();
	const lines = plots[name];
	const captions = lines.map(({ figure, colour, dashed }) => {
		const { last, highest, lowest } = extremesOf(history[figure]);
		const extremes = { last: number(last), highest: number(highest), lowest: number(lowest) };
		return (
			<p key={figure}>
				<span className={dashed ? styles.dashed : styles.solid} style={{ '--line': `var(${colour})` }} />
				{lines.length > 1 && <b>{t(`status.lines.${figure}`)} </b>}
				{t('status.extremes', extremes)}
			</p>
		);
	});
	return (
		<figure className={styles.plot} aria-labelledby={id}>
			<figcaption>
				<h2 id={id}>{t(`status.plots.${name}`)}</h2>
				{captions}
			</figcaption>
			<div className={styles.space} aria-hidden="true">
				<Suspense>{history.at.length > 0 && <CanvasPlot lines={lines} history={history} />}</Suspense>
			</div>
		</figure>
	);
};

/** The last ten minutes. */
export const Plots = ({ status }: { readonly status: ClusterStatus }) => {
	const history = useMemo(() => historyOf(status), [status]);
	return (
		<div className={styles.plots}>
			<Plot name="connections" history={history} />
			<Plot name="messages" history={history} />
			<Plot name="queue" history={history} />
		</div>
	);
};
