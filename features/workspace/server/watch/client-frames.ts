import { FrameSchemas, frameFields } from '@krateyard/status/frame-schemas';
import type { StatusError } from '@krateyard/status/status-error';
import {
  FollowTasks,
  FollowKinds,
  FollowMetrics,
  FollowOverview,
  FollowPresent,
  MoveWindow,
  Ping,
  Reauthenticate,
  Subscribe,
  Unsubscribe,
  type ClientFrame,
} from '../../contract/watch-protocol.ts';

const FRAMES = new FrameSchemas<ClientFrame>({
  subscribe: Subscribe,
  unsubscribe: Unsubscribe,
  window: MoveWindow,
  auth: Reauthenticate,
  ping: Ping,
  tasks: FollowTasks,
  overview: FollowOverview,
  metrics: FollowMetrics,
  kinds: FollowKinds,
  present: FollowPresent,
});

/** A frame that was read, or why not and, where that much could be read, whose it was. */
export type ReadFrame =
  | { readonly frame: ClientFrame }
  | { readonly problem: StatusError; readonly id?: string };

/** Reads one text frame. Never throws; problems are BadRequest and quote nothing of the frame. */
export function readFrame(text: string): ReadFrame {
  let id: unknown;
  try {
    const fields = frameFields(text);
    ({ id } = fields);
    return { frame: FRAMES.check(fields) };
  } catch (error) {
    const problem = error as StatusError;
    return typeof id === 'string' && id.length <= 64 ? { problem, id } : { problem };
  }
}
