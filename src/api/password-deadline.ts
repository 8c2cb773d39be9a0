/**
 * Hashing a password takes a good part of a core's tenth of a second, by intent. When hundreds sign up at once they wait
 * in line: that is worth more than an error.
 */
export const passwordDeadline = { deadlineMs: 25_000 };
