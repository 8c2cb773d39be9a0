export type Labels = Readonly<Record<string, string>>;

/** One line of what a process shows. */
export interface Sample {
	readonly name: string;
	readonly labels: Labels;
	readonly value: number;
}

const line = /^([A-Za-z_:][\w:]*)(?:\{(.*)\})?\s+(\S+)(?:\s+-?\d+)?$/;
const label = /([A-Za-z_]\w*)="((?:\\.|[^"\\])*)"/g;
const unescaped = (text: string): string => text.replace(/\\(.)/g, (_, char) => (char === 'n' ? '\n' : char));

const numberOf = (text: string): number => {
	if (/^[+]?Inf$/i.test(text)) return Number.POSITIVE_INFINITY;
	return /^-Inf$/i.test(text) ? Number.NEGATIVE_INFINITY : Number(text);
};

/**
 * The samples of Prometheus' text format (https://prometheus.io/docs/instrumenting/exposition_formats/), as prom-client writes it;
 * comments, and lines that are none of it, are left out.
 */
export const parseExposition = (text: string): Sample[] => {
	const samples: Sample[] = [];
	for (const raw of text.split('\n')) {
		const match = raw.startsWith('#') ? null : line.exec(raw.trim());
		if (match === null) continue;
		const [, name = '', labels = '', value = ''] = match;
		const pairs = Array.from(labels.matchAll(label), ([, key = '', quoted = '']) => [key, unescaped(quoted)] as const);
		samples.push({ name, labels: Object.fromEntries(pairs), value: numberOf(value) });
	}
	return samples;
};
