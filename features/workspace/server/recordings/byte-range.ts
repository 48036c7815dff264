import { StatusError } from '@krateyard/status/status-error';

export interface ByteRange {
  /** Both inclusive. */
  readonly from: number;
  readonly to: number;
}

/** One range of RFC 9110 section 14; undefined: all of it, as for headers of another kind or with several ranges. */
export function byteRange(header: string | undefined, size: number): ByteRange | undefined {
  const [, first, last] = /^bytes=(\d*)-(\d*)$/.exec(header?.trim() ?? '') ?? [];
  if (first === undefined || last === undefined || (first === '' && last === '')) return undefined;
  const from = first === '' ? Math.max(0, size - Number(last)) : Number(first);
  const to = first === '' || last === '' ? size - 1 : Math.min(Number(last), size - 1);
  if (from <= to) return { from, to };
  throw new StatusError('BadRequest', `The recording has ${size} bytes; the range lies behind them.`, {
    code: 416,
  });
}
