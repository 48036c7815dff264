import type { TSchema } from 'typebox';
import { Compile } from 'typebox/compile';
import { StatusError } from '@krateyard/status/status-error';
import {
  FollowTasks,
  FollowMetrics,
  FollowOverview,
  MoveWindow,
  Ping,
  Reauthenticate,
  Subscribe,
  Unsubscribe,
  type ClientFrame,
} from '../../contract/watch-protocol.ts';

const SCHEMAS: Readonly<Record<ClientFrame['type'], TSchema>> = {
  subscribe: Subscribe,
  unsubscribe: Unsubscribe,
  window: MoveWindow,
  auth: Reauthenticate,
  ping: Ping,
  tasks: FollowTasks,
  overview: FollowOverview,
  metrics: FollowMetrics,
};

const validators = new Map(Object.entries(SCHEMAS).map(([type, schema]) => [type, Compile(schema)]));

/** A frame that was read, or why not and, where that much could be read, whose it was. */
export type ReadFrame =
  | { readonly frame: ClientFrame }
  | { readonly problem: StatusError; readonly id?: string };

/** Reads one text frame. Never throws; problems are BadRequest and quote nothing of the frame. */
export function readFrame(text: string): ReadFrame {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return refusal('the frame is not JSON');
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    return refusal('the frame is no object');
  const { type, id } = value as { type?: unknown; id?: unknown };
  const owner = typeof id === 'string' && id.length <= 64 ? id : undefined;
  const validator = typeof type === 'string' ? validators.get(type) : undefined;
  if (!validator) return refusal(`the frame's type is none of ${[...validators.keys()].join(', ')}`, owner);
  if (validator.Check(value)) return { frame: value as ClientFrame };
  const [first] = validator.Errors(value);
  return refusal(
    `the frame is not valid: ${first?.instancePath ?? ''} ${first?.message ?? ''}`.trim(),
    owner,
  );
}

function refusal(message: string, id?: string): ReadFrame {
  return { problem: new StatusError('BadRequest', message), ...(id !== undefined && { id }) };
}
