import type { TestContext } from 'node:test';
import { silentLogger } from '@krateyard/telemetry/logger';
import { ManualClock } from '@krateyard/telemetry/manual-clock';
import type { ScreenInput } from '../input.ts';
import { PaintedScreen } from '../painted-screen.ts';
import type { RfbViewer } from '../rfb-viewer.ts';
import { serveRfb } from '../serve-rfb.ts';
import type { SizeWish } from '../size-wish.ts';
import { socketLink } from '../socket-link.ts';
import { socketPair } from './socket-pair.ts';
import { TestViewer } from './test-viewer.ts';

export interface Showing {
  readonly screen: PaintedScreen;
  readonly clock: ManualClock;
  readonly viewer: TestViewer;
  readonly served: RfbViewer;
  readonly inputs: ScreenInput[];
  readonly abort: AbortController;
  /** What is answered to a viewer that wants another size. */
  readonly resizes: { readonly wishes: SizeWish[]; outcome: Promise<number> };
  /** Resolves with the next thing that a viewer does. */
  readonly input: () => Promise<ScreenInput>;
  /** Resolves when all that the viewer has said so far has been heard. */
  readonly heard: (viewer: TestViewer) => Promise<void>;
  /** Another viewer of the same screen. */
  readonly another: (version?: string) => Promise<{ viewer: TestViewer; served: RfbViewer }>;
  /** One that has said nothing yet. */
  readonly dial: () => Promise<{ viewer: TestViewer; served: RfbViewer }>;
}

/** A screen and a viewer of it, past the handshake. */
export async function showing(t: TestContext, width: number, height: number): Promise<Showing> {
  const screen = new PaintedScreen(width, height);
  const clock = new ManualClock();
  const inputs: ScreenInput[] = [];
  const resizes = { wishes: [] as SizeWish[], outcome: Promise.resolve(1) };
  const abort = new AbortController();
  t.after(() => abort.abort());
  let told = Promise.withResolvers<ScreenInput>();
  const input = (): Promise<ScreenInput> => told.promise;
  let marks = 0;
  const heard = async (viewer: TestViewer): Promise<void> => {
    marks += 1;
    const mark = Buffer.from([5, 0, 0xff, marks, 0xff, 0xff]);
    viewer.write(mark);
    const at = (): number =>
      inputs.findIndex((one) => one.type === 'pointer' && one.x === 0xff00 + mark[3]! && one.y === 0xffff);
    while (at() < 0) await input();
    inputs.splice(at(), 1);
  };
  const dial = async (): Promise<{ viewer: TestViewer; served: RfbViewer }> => {
    const { near, far } = await socketPair(t);
    const served = serveRfb(socketLink(far), screen, {
      name: 'a machine',
      onInput: (input) => {
        inputs.push(input);
        told.resolve(input);
        told = Promise.withResolvers();
      },
      onResize: (wish) => {
        resizes.wishes.push(wish);
        return resizes.outcome;
      },
      signal: abort.signal,
      clock,
      logger: silentLogger,
    });
    return { viewer: new TestViewer(near), served };
  };
  const another = async (version?: string): ReturnType<typeof dial> => {
    const dialled = await dial();
    await dialled.viewer.open(version);
    await dialled.served.opened;
    return dialled;
  };
  return { screen, clock, inputs, resizes, abort, input, heard, another, dial, ...(await another()) };
}
