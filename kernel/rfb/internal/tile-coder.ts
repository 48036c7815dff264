import type { Rectangle } from '../screen.ts';

/** A tile as an encoding has it. What is deflated is a piece that fits into any stream: see `deflated-piece`. */
export interface CodedTile {
  readonly head: Uint8Array;
  /** Follows the head, with its length as the encoding writes it; undefined: nothing does. */
  readonly piece?: Uint8Array;
}

/** Makes one encoding's tiles in one pixel format. */
export interface TileCoder {
  readonly encoding: number;
  /** Coders with equal keys make equal tiles. */
  readonly key: string;
  /** Dear enough to be kept for others. */
  readonly shared: boolean;
  /** `colours` must not be changed afterwards. */
  code(colours: Uint32Array, area: Rectangle): Promise<CodedTile>;
  /** The piece's length, written before it. */
  length(bytes: number): Uint8Array;
}
