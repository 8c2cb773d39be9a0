import { type Command, InvalidArgumentError } from 'commander';
import { addConfigOptions, type ConfigFlags, configOf, joinedFlags } from './config-options.ts';
import type { SanctionKind } from './ports/chat-store.ts';
import { maxReasonLength } from './protocol/limits.ts';

interface Flags extends ConfigFlags {
	readonly for?: number;
	readonly reason?: string;
}

const unitMs = { m: 60_000, h: 3_600_000, d: 86_400_000 } as const;

/** `90m`, `12h` or `7d`, in milliseconds. */
const duration = (text: string): number => {
	const [, count, unit] = /^([1-9][0-9]{0,4})([mhd])$/.exec(text) ?? [];
	if (count === undefined) throw new InvalidArgumentError('Give minutes, hours or days, as in 90m, 12h or 7d.');
	return Number(count) * unitMs[unit as keyof typeof unitMs];
};

const reason = (text: string): string => {
	if (text.length <= maxReasonLength) return text;
	throw new InvalidArgumentError(`It has at most ${maxReasonLength} characters.`);
};

const descriptions: Record<SanctionKind, readonly [impose: string, lift: string]> = {
	ban: ['End all sessions of a user, and let nobody sign in as that user.', 'Lift a ban.'],
	mute: ['Refuse what a user writes; the user still reads.', 'Lift a mute.'],
};

/** Adds the commands `ban`, `unban`, `mute` and `unmute`. */
export const addSanctionCommands = (program: Command): void => {
	const settings = (own: ConfigFlags) => configOf(joinedFlags(program.opts<ConfigFlags>(), own), 'none');
	for (const kind of ['ban', 'mute'] as const) {
		const [impose, lift] = descriptions[kind];
		addConfigOptions(program.command(kind))
			.description(impose)
			.argument('<name>', 'a user who is registered')
			.option('--for <duration>', 'until when, as in 90m, 12h or 7d; for good without it', duration)
			.option('--reason <text>', 'kept in the store, for administrators', reason)
			.action(async (name: string, { for: forMs, reason: why = '', ...own }: Flags) => {
				const { imposeByName } = await import('./operator.ts');
				const until = forMs === undefined ? null : Date.now() + forMs;
				process.exitCode = await imposeByName(settings(own), name, { kind, until, reason: why });
			});
		addConfigOptions(program.command(`un${kind}`))
			.description(lift)
			.argument('<name>', 'a user who is registered')
			.action(async (name: string, own: ConfigFlags) => {
				const { liftByName } = await import('./operator.ts');
				process.exitCode = await liftByName(settings(own), name, kind);
			});
	}
};
