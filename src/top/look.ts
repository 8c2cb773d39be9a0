import { between } from './between.ts';
import { modulesOf, type Shown } from './find.ts';
import { missingOf } from './missing.ts';
import { type Row, rowOf } from './row.ts';
import { type Scrape, scrape } from './scrape.ts';
import { type Process, type Totals, totalsOf } from './totals.ts';

/** The cluster at a moment. */
export interface View {
	/** Milliseconds since 1970. */
	readonly at: number;
	readonly totals: Totals;
	/** What messages need and no instance is; nothing where one process was asked, which does not know the others. */
	readonly missing: readonly string[];
	readonly rows: readonly Row[];
}

/** Where to look: what discovery knows now, or one process. */
export type Where = { readonly instances: () => readonly Shown[] } | { readonly admin: string };

const order = ({ service, serverId }: Shown): string => `${service} ${serverId}`;

/** Looks at the cluster again and again; each view tells what happened since the one before. */
export const createLook = (where: Where): (() => Promise<View>) => {
	let before = new Map<string, Scrape>();

	const ask = async (admins: Iterable<string>): Promise<Map<string, Scrape>> => {
		const answers = await Promise.all(
			Array.from(new Set(admins), async (admin) => [admin, await scrape(admin)] as const),
		);
		return new Map(answers.filter((answer): answer is [string, Scrape] => answer[1] !== undefined));
	};

	const find = async (): Promise<{ shown: readonly Shown[]; scrapes: Map<string, Scrape> }> => {
		if ('instances' in where) {
			const shown = where.instances();
			return { shown, scrapes: await ask(shown.flatMap(({ admin }) => admin ?? [])) };
		}
		const scrapes = await ask([where.admin]);
		const answer = scrapes.get(where.admin);
		return { shown: answer === undefined ? [] : modulesOf(where.admin, answer), scrapes };
	};

	return async () => {
		const { shown, scrapes } = await find();
		const processOf = (admin: string | null): Process => {
			const [earlier, later] = [before.get(admin ?? ''), scrapes.get(admin ?? '')];
			return { scrape: later, since: earlier && later && between(earlier, later) };
		};
		const rows = [...shown]
			.sort((one, other) => (order(one) < order(other) ? -1 : 1))
			.map((each) => {
				const process = processOf(each.admin);
				return rowOf(each, process.scrape, process.since);
			});
		const missing = 'instances' in where ? missingOf(rows) : [];
		const view = { at: Date.now(), totals: totalsOf(rows, [...scrapes.keys()].map(processOf)), missing, rows };
		before = scrapes;
		return view;
	};
};
