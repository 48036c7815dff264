/** One line of a container's log, or a part of a long one. */
export interface RawLine {
  /** A normal time; '' for words of the kubelet itself, which it does not stamp. */
  readonly at: string;
  readonly text: string;
  /** The line goes on in the next one. */
  readonly more: boolean;
}

/** Lines of one second that stand together. */
export interface SecondRun {
  /** `2026-11-21T14:00:00` */
  readonly second: string;
  /** Index of the first of them. */
  readonly from: number;
  readonly count: number;
}

/**
 * Lines of one log that came together, in its order. Most come as the bytes that the API server sent and are given on as these:
 * a line becomes texts only where somebody asks for it.
 */
export interface LineBlock {
  readonly count: number;
  /** On the wire, times included; about what they take in memory, too. */
  readonly bytes: number;
  /** Times of the first and last line; '' where there is none. */
  readonly firstAt: string;
  readonly lastAt: string;
  at(index: number): string;
  line(index: number): RawLine;
  lines(): readonly RawLine[];
  slice(from: number, to: number): LineBlock;
  /** Index of the first line, from `from` on, that is later than `at`; `count` where none is. */
  later(at: string, from: number): number;
  /** The lines whose times lie within, both ends included: this block where all do. */
  between(since: string | undefined, until: string | undefined): LineBlock;
  secondRuns(): readonly SecondRun[];
  /** How many lines at the end are equal to the last one, times included; that one counts. */
  sameAtEnd(): number;
  /**
   * The lines as plain bytes: each a normal time, a space, what was written, and a newline; a piece has whole ones. Undefined where
   * they were changed, or are parts of long ones, or have no times.
   */
  readonly plain: readonly Buffer[] | undefined;
}
