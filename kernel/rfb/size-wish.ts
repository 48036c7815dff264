import type { ScreenPart } from './screen.ts';

/** Another size for the screen (SetDesktopSize of rfbproto). */
export interface SizeWish {
  readonly width: number;
  readonly height: number;
  readonly layout: readonly ScreenPart[];
}

/**
 * What became of it, in ExtendedDesktopSize's numbers; a machine may have others. `forwarded`: the guest was told and may follow later,
 * which is QEMU's answer.
 */
export const SIZE_OUTCOME = { done: 0, prohibited: 1, noRoom: 2, invalid: 3, forwarded: 4 } as const;
