import { app } from './app.ts';
import { composer } from './composer.ts';
import { details } from './details.ts';
import { inbox } from './inbox.ts';
import { settings } from './settings.ts';
import { signIn } from './sign-in.ts';
import { status } from './status.ts';
import { thread } from './thread.ts';

export const zh = { app, composer, details, inbox, settings, signIn, status, thread } as const;
