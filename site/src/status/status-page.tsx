import type { SignedIn } from 'tschat/client';

/** How the cluster is, for administrators. */
export const StatusPage = ({ session }: { readonly session: SignedIn }) => <main>{session.user.name}</main>;
