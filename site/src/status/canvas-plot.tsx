import { useEffect, useRef } from 'react';
import UPlot from 'uplot';
import { usePreferences } from '../preferences/preferences.ts';
import type { History } from './figures.ts';
import { type Formats, useFormats } from './formats.ts';
import 'uplot/dist/uPlot.min.css';

/** One figure's line. */
export interface Line {
	readonly figure: 'connections' | 'accepted' | 'delivered' | 'queue';
	/** A token of the styles. */
	readonly colour: `--${string}`;
	/** Tells two lines apart for those who see no colours. */
	readonly dashed?: boolean;
}

export interface CanvasPlotProps {
	/** The same list each time: another one is another plot. */
	readonly lines: readonly Line[];
	/** Of one moment at least. */
	readonly history: History;
}

const shownSeconds = 600;

/** What a token of the styles is at this moment, as a canvas understands it. */
const colourOf = (box: HTMLElement, token: string): string => {
	box.style.color = `var(${token})`;
	return getComputedStyle(box).color;
};

/** Colours are functions, so that each drawing asks for them anew. */
const optionsOf = (box: HTMLElement, lines: readonly Line[], { short, clock }: Formats): UPlot.Options => {
	const axis: UPlot.Axis = {
		stroke: () => colourOf(box, '--muted'),
		grid: { stroke: () => colourOf(box, '--border'), width: 1 },
		ticks: { show: false },
	};
	return {
		width: box.clientWidth,
		height: box.clientHeight,
		legend: { show: false },
		cursor: { show: false },
		padding: [8, 20, 0, 0],
		scales: {
			x: { range: (_plot, _min, max) => [max - shownSeconds, max] },
			// From nought, and to five at least: a figure that hardly moves is no mountain.
			y: { range: (_plot, _min, max) => UPlot.rangeNum(0, Math.max(5, max ?? 0), 0.1, true) },
		},
		axes: [
			{ ...axis, size: 28, incrs: [60, 120, 300], values: (_plot, seconds) => seconds.map(clock) },
			{ ...axis, size: 44, values: (_plot, figures) => figures.map(short) },
		],
		series: [
			{},
			...lines.map(({ colour, dashed }) => ({
				stroke: () => colourOf(box, colour),
				width: 2,
				...(dashed ? { dash: [6, 4] } : {}),
			})),
		],
	};
};

/** Draws the lines as large as the box that it is in, in the colours of the theme. */
export const CanvasPlot = ({ lines, history }: CanvasPlotProps) => {
	const box = useRef<HTMLDivElement>(null);
	const plot = useRef<UPlot>(null);
	const formats = useFormats();

	useEffect(() => {
		const element = box.current;
		if (element === null) return;
		const drawn = new UPlot(optionsOf(element, lines, formats), [[]], element);
		plot.current = drawn;
		const observer = new ResizeObserver(() =>
			drawn.setSize({ width: element.clientWidth, height: element.clientHeight }),
		);
		observer.observe(element);
		const redraw = () => drawn.redraw(false);
		const system = matchMedia('(prefers-color-scheme: dark)');
		system.addEventListener('change', redraw);
		const unsubscribe = usePreferences.subscribe(redraw);
		return () => {
			observer.disconnect();
			system.removeEventListener('change', redraw);
			unsubscribe();
			drawn.destroy();
		};
	}, [lines, formats]);

	// biome-ignore lint/correctness/useExhaustiveDependencies: `formats` is not read, but a change of it made a new, empty plot above
	useEffect(() => {
		plot.current?.setData([[...history.at], ...lines.map(({ figure }) => [...history[figure]])]);
	}, [lines, history, formats]);

	return <div ref={box} style={{ height: '100%' }} />;
};
