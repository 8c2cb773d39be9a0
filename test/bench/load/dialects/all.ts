import type { DialectName } from '../../targets/target.ts';
import type { Dialect } from '../dialect.ts';
import { bare } from './bare.ts';
import { gochat } from './gochat.ts';
import { socketio } from './socketio.ts';
import { v2 } from './v2.ts';

export const dialects: Readonly<Record<DialectName, Dialect>> = { gochat, v2, socketio, bare };
