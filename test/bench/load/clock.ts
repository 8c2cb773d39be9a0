/** Microseconds of the monotonic clock, which all processes of a machine share: so one may stamp what another reads. */
export const now = (): number => Number(process.hrtime.bigint()) / 1000;
