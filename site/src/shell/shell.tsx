import type { SignedIn } from 'tschat/client';

/** The chat of one person: its three panes. */
export const Shell = ({ session }: { readonly session: SignedIn }) => <main>{session.user.name}</main>;
