import { amounts, type Declarations, durations } from './declaration.ts';

/** The way of a message before the connect servers: logic, store, queue, task. */
export const deliveryMetrics = {
	tschat_messages_accepted_total: {
		kind: 'counter',
		help: 'Messages committed to the store; one that was sent again under its ref counts once.',
		labels: [],
		modules: ['logic'],
	},
	tschat_store_commit_duration_seconds: {
		kind: 'histogram',
		help: 'How long the store took to commit the messages that arrived together, failures included.',
		labels: [],
		buckets: durations,
		modules: ['logic'],
	},
	tschat_store_commit_messages: {
		kind: 'histogram',
		help: 'Messages in one commit.',
		labels: [],
		buckets: amounts,
		modules: ['logic'],
	},
	tschat_store_errors_total: {
		kind: 'counter',
		help: 'Calls of the store that failed: the database did not answer (`unavailable`), or refused (`failed`); and tries that met another transaction and were made again (`conflict`).',
		labels: ['kind'],
		modules: ['logic'],
		adapter: 'always',
	},
	tschat_sign_ins_total: {
		kind: 'counter',
		help: 'Sign-ins with name and password: `ok`, or the key of the error (docs/errors.md).',
		labels: ['outcome'],
		modules: ['logic'],
	},
	tschat_queue_items: {
		kind: 'gauge',
		help: 'Items that wait in the queue. The queue is one: take the maximum, not the sum. Not shown while it does not answer.',
		labels: [],
		modules: ['logic', 'task'],
	},
	tschat_queue_age_seconds: {
		kind: 'gauge',
		help: 'How long ago logic gave the oldest message that waits in the queue its time; 0 when none waits. Take the maximum.',
		labels: [],
		modules: ['logic', 'task'],
	},
	tschat_queue_batch_items: {
		kind: 'histogram',
		help: 'Items in a batch that task took from the queue.',
		labels: [],
		buckets: amounts,
		modules: ['task'],
	},
	tschat_queue_items_parked_total: {
		kind: 'counter',
		help: 'Items of the queue that could not be decoded, and were put aside.',
		labels: [],
		modules: ['task'],
	},
	tschat_outbox_items: {
		kind: 'gauge',
		help: 'Items that wait in this process: in logic for the queue, in task for connect servers, each server counted.',
		labels: [],
		modules: ['logic', 'task'],
	},
	tschat_outbox_items_given_up_total: {
		kind: 'counter',
		help: 'Items that did not go the quick way, since the queue (in logic) or a connect server (in task) did not take them in time. Connect servers find messages in the log.',
		labels: [],
		modules: ['logic', 'task'],
	},
	tschat_outbox_stalls_total: {
		kind: 'counter',
		help: 'How often the queue (in logic) or a connect server (in task) ceased to take items.',
		labels: [],
		modules: ['logic', 'task'],
	},
} as const satisfies Declarations;
