import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { freePort, startProcess, temporaryFolder } from './processes.ts';

interface Target {
	/** `host:port`. */
	readonly address: string;
	readonly labels: Readonly<Record<string, string>>;
}

interface Series {
	readonly metric: Readonly<Record<string, string>>;
	/** When, in seconds since 1970, and the value as text. */
	readonly value: readonly [number, string];
}

interface Prometheus {
	/** The `data` of an answer of its HTTP API; rejects with what it says otherwise. */
	get(path: string, parameters?: Readonly<Record<string, string>>): Promise<unknown>;
	/** What an expression gives now. */
	query(expression: string): Promise<Series[]>;
	stop(): Promise<void>;
}

/** Starts a real Prometheus with its data in a temporary folder, which scrapes these targets as the job `tschat`. */
export const startPrometheus = async (options: {
	readonly targets: readonly Target[];
	readonly ruleFiles: readonly string[];
}): Promise<Prometheus> => {
	const port = await freePort();
	const folder = temporaryFolder('prometheus');
	const config = {
		global: { scrape_interval: '500ms', scrape_timeout: '500ms', evaluation_interval: '500ms' },
		rule_files: options.ruleFiles,
		scrape_configs: [
			{
				job_name: 'tschat',
				static_configs: options.targets.map(({ address, labels }) => ({ targets: [address], labels })),
			},
		],
	};
	const configFile = join(folder.path, 'prometheus.yml');
	// JSON is YAML.
	writeFileSync(configFile, JSON.stringify(config));
	const server = startProcess('prometheus', [
		`--config.file=${configFile}`,
		`--storage.tsdb.path=${join(folder.path, 'data')}`,
		`--web.listen-address=127.0.0.1:${port}`,
	]);
	await server.outputMatching(/Server is ready to receive web requests/);

	const get = async (path: string, parameters: Readonly<Record<string, string>> = {}): Promise<unknown> => {
		const response = await fetch(`http://127.0.0.1:${port}/api/v1/${path}?${new URLSearchParams(parameters)}`);
		const { status, data, error } = (await response.json()) as { status: string; data: unknown; error?: string };
		if (status !== 'success') throw new Error(`${path} ${JSON.stringify(parameters)}: ${error}`);
		return data;
	};
	return {
		get,
		query: async (query) => ((await get('query', { query })) as { result: Series[] }).result,
		stop: async () => {
			await server.stop();
			folder.remove();
		},
	};
};
