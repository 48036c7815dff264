import type { TestContext } from 'node:test';
import { silentLogger } from '@krateyard/telemetry/logger';
import { ManualClock } from '@krateyard/telemetry/manual-clock';
import { connectRfb } from '../connect-rfb.ts';
import { PaintedScreen } from '../painted-screen.ts';
import type { RfbUpstream } from '../rfb-upstream.ts';
import type { Screen } from '../screen.ts';
import { socketLink } from '../socket-link.ts';
import { socketPair } from './socket-pair.ts';
import { TestServer } from './test-server.ts';

export interface Connecting {
  readonly server: TestServer;
  readonly screen: PaintedScreen;
  readonly clock: ManualClock;
  readonly abort: AbortController;
  readonly connecting: Promise<RfbUpstream>;
}

/** A server that has said nothing yet, and a client that listens to it. */
export async function connecting(t: TestContext, screen = new PaintedScreen()): Promise<Connecting> {
  const { near, far } = await socketPair(t);
  const abort = new AbortController();
  t.after(() => abort.abort());
  const clock = new ManualClock();
  const promise = connectRfb(socketLink(near), {
    screen,
    signal: abort.signal,
    clock,
    logger: silentLogger,
  });
  promise.catch(() => {});
  return { server: new TestServer(far), screen, clock, abort, connecting: promise };
}

export interface Connected extends Omit<Connecting, 'connecting'> {
  readonly upstream: RfbUpstream;
}

/** Past the handshake, with the first request heard. */
export async function connected(
  t: TestContext,
  size: { readonly width: number; readonly height: number; readonly name?: string },
  screen = new PaintedScreen(),
): Promise<Connected> {
  const { connecting: promise, ...rest } = await connecting(t, screen);
  await rest.server.open(size.width, size.height, { name: size.name ?? 'test' });
  const upstream = await promise;
  await rest.server.hearUntil(3);
  return { ...rest, upstream };
}

/** Resolves at the end of the next frame. */
export function frame(screen: Screen): Promise<void> {
  return new Promise((resolve) => {
    const stop = screen.observe({
      onFrame: () => {
        stop();
        resolve();
      },
    });
  });
}

/** The colours, without the byte that nobody uses. */
export const coloursOf = (pixels: Uint8Array): Uint32Array =>
  Uint32Array.from(
    { length: pixels.length / 4 },
    (_, index) => pixels[index * 4]! | (pixels[index * 4 + 1]! << 8) | (pixels[index * 4 + 2]! << 16),
  );
