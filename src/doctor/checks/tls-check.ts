import { failureReason } from '../../runtime/failure-reason.ts';
import { certificateReaders } from '../../runtime/tls-settings.ts';
import type { Check } from '../examination.ts';
import { type Finding, fail, ok, warn } from '../finding.ts';

const dayMs = 86_400_000;
/** Who renews by a timer has done so by then. */
const soonDays = 14;

/** How long a certificate that can be used now will be. */
export const expiryFinding = (setting: string, validTo: Date, now: number): Finding => {
	const found = `${setting} is valid until ${validTo.toISOString().slice(0, 10)}`;
	const days = (validTo.getTime() - now) / dayMs;
	return days < soonDays ? warn('tls', found, 'renew it: files that change are read again') : ok('tls', found);
};

/** The certificates that settings name, as a start reads them. None: nothing to say. */
export const checkTls: Check = async ({ config, module }) =>
	certificateReaders(config, module).flatMap((read) => {
		try {
			return read().map(({ setting, validTo }) => expiryFinding(setting, validTo, Date.now()));
		} catch (error) {
			return [fail('tls', failureReason(error), 'name a certificate, its key and its authority that can be used')];
		}
	});
