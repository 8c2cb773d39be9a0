/** Logs in and registers. */
export const SignIn = () => <main>…</main>;
