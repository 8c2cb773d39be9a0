/** Keys of the queue. The hash tag keeps them in one slot of a Redis Cluster, so that scripts may touch several. */
export interface QueueKeys {
	/** List of what waits: pushed at the head, taken from the tail. */
	readonly items: string;
	/** List of what could not be decoded, newest first. */
	readonly parked: string;
	/** Sorted set of consumer ids by the end of their lease. */
	readonly consumers: string;
	/** With a consumer id behind it: list of what that consumer holds, oldest at the tail. */
	readonly processingBase: string;
}

export const queueKeys = (prefix: string): QueueKeys => ({
	items: `${prefix}:{queue}:items`,
	parked: `${prefix}:{queue}:parked`,
	consumers: `${prefix}:{queue}:consumers`,
	processingBase: `${prefix}:{queue}:processing:`,
});
