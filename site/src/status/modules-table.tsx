import { useTranslation } from 'react-i18next';
import type { ClusterStatus } from 'tschat/client';
import { byService, type Module } from './figures.ts';
import { useFormats } from './formats.ts';
import styles from './modules-table.module.css';

const Answers = ({ answers }: Pick<Module, 'answers'>) => {
	const { t } = useTranslation();
	if (answers === null) return t('status.registered');
	return (
		<span className={answers ? styles.good : styles.bad}>{t(answers ? 'status.answers' : 'status.doesNotAnswer')}</span>
	);
};

const Row = ({ module, at }: { readonly module: Module; readonly at: number }) => {
	const { number, duration } = useFormats();
	const { serverId, startedAt, version, publicUrl, connections, rooms, answers } = module;
	return (
		<tr>
			<th scope="row">{serverId}</th>
			<td>
				<Answers answers={answers} />
			</td>
			<td className={styles.number}>
				<time dateTime={startedAt}>{duration(at - Date.parse(startedAt))}</time>
			</td>
			<td className={styles.number}>{number(connections)}</td>
			<td className={styles.number}>{number(rooms)}</td>
			<td>{publicUrl ?? '–'}</td>
			<td>{version}</td>
		</tr>
	);
};

const columns = ['server', 'answers', 'up', 'connections', 'rooms', 'address', 'version'] as const;
const areNumbers: readonly string[] = ['up', 'connections', 'rooms'];

/** All modules that discovery knows. Sideways scrolling is its own, so that the page fits a narrow screen. */
export const ModulesTable = ({ status }: { readonly status: ClusterStatus }) => {
	const { t } = useTranslation();
	const at = Date.parse(status.at);
	return (
		// biome-ignore lint/a11y/noNoninteractiveTabindex: without it a keyboard cannot scroll the table sideways (axe: scrollable-region-focusable)
		<section className={styles.scroller} aria-label={t('status.modules')} tabIndex={0}>
			<table className={styles.table}>
				<caption>{t('status.modules')}</caption>
				<thead>
					<tr>
						{columns.map((column) => (
							<th key={column} scope="col" className={areNumbers.includes(column) ? styles.number : undefined}>
								{t(`status.columns.${column}`)}
							</th>
						))}
					</tr>
				</thead>
				{byService(status.modules).map(([service, modules]) => (
					<tbody key={service}>
						<tr className={styles.service}>
							<th scope="rowgroup" colSpan={columns.length}>
								{service}
							</th>
						</tr>
						{modules.map((module) => (
							<Row key={module.serverId} module={module} at={at} />
						))}
					</tbody>
				))}
			</table>
		</section>
	);
};
