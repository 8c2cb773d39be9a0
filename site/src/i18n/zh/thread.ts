import type { thread as english } from '../en/thread.ts';
import type { Translation } from '../translation.ts';

export const thread: Translation<typeof english> = {};
