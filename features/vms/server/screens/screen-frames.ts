import { FrameSchemas } from '@krateyard/status/frame-schemas';
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

/** What clients of `/screen` say. */
export const SCREEN_FRAMES = new FrameSchemas<ScreenClientFrame>({
  ask: AskControl,
  grant: GrantControl,
  release: ReleaseControl,
  take: TakeControl,
  remove: RemoveViewer,
  auth: ReauthenticateScreen,
  ping: PingScreen,
});
