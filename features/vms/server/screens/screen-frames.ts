import type { TSchema } from 'typebox';
import { Compile } from 'typebox/compile';
import { StatusError } from '@krateyard/status/status-error';
import {
  AskControl,
  GrantControl,
  PingScreen,
  ReauthenticateScreen,
  ReleaseControl,
  RemoveViewer,
  TakeControl,
  type ScreenClientFrame,
} from '../../contract/screen-protocol.ts';

const SCHEMAS: Readonly<Record<ScreenClientFrame['type'], TSchema>> = {
  ask: AskControl,
  grant: GrantControl,
  release: ReleaseControl,
  take: TakeControl,
  remove: RemoveViewer,
  auth: ReauthenticateScreen,
  ping: PingScreen,
};

const validators = new Map(Object.entries(SCHEMAS).map(([type, schema]) => [type, Compile(schema)]));

/** Reads one text frame of `/screen`. Throws BadRequest that quotes nothing of the frame. */
export function readScreenFrame(text: string): ScreenClientFrame {
  const value = parsed(text);
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw bad('the frame is no object');
  const { type } = value as { type?: unknown };
  const validator = typeof type === 'string' ? validators.get(type) : undefined;
  if (!validator) throw bad(`the frame's type is none of ${[...validators.keys()].join(', ')}`);
  if (validator.Check(value)) return value as ScreenClientFrame;
  const [first] = validator.Errors(value);
  throw bad(`the frame is not valid: ${first?.instancePath ?? ''} ${first?.message ?? ''}`.trim());
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw bad('the frame is not JSON');
  }
}

function bad(message: string): StatusError {
  return new StatusError('BadRequest', message);
}
