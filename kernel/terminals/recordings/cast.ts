/**
 * asciicast, the file format of recorded terminals (docs.asciinema.org: v2 and v3): a JSON header in the first line, then one
 * event a line, `[time, code, data]`. In v2 times count from the beginning, in v3 from the event before. Lines that begin with
 * `#` are remarks (v3).
 */
export const CAST_MEDIA_TYPE = 'application/x-asciicast';

/** o: output, i: input, m: marker, r: resize (`80x24`), x: exit (its status). */
export type CastCode = 'o' | 'i' | 'm' | 'r' | 'x';

export interface CastEvent {
  /** Milliseconds from the beginning. */
  readonly atMs: number;
  readonly code: CastCode;
  readonly data: string;
}

export interface Cast {
  readonly version: 2 | 3;
  readonly cols: number;
  readonly rows: number;
  /** Seconds since the epoch. */
  readonly timestamp: number | undefined;
  readonly title: string | undefined;
  readonly command: string | undefined;
  /** In order of time. */
  readonly events: readonly CastEvent[];
  /** Lines that make no sense: the last one of a recording that was cut off. */
  readonly skipped: number;
}

/** Our own markers: who types from here on, who came, who left. Others are free text. */
export const castMarks = {
  types: (who: string): string => `${who} types`,
  joined: (who: string): string => `${who} joined`,
  left: (who: string): string => `${who} left`,
};

/** Who types after this marker; undefined for other markers. */
export function typistOf(marker: string): string | undefined {
  return marker.endsWith(' types') ? marker.slice(0, -' types'.length) : undefined;
}

const CODES: ReadonlySet<string> = new Set<CastCode>(['o', 'i', 'm', 'r', 'x']);

/** Reads a cast of version 2 or 3. Throws a SyntaxError when the header makes no sense; a file that was cut off is read to its end. */
export function readCast(text: string): Cast {
  const [first = '', ...rest] = text.split('\n');
  const header = headerOf(first);
  const events: CastEvent[] = [];
  let skipped = 0;
  let now = 0;
  for (const line of rest) {
    if (line === '' || line.startsWith('#')) continue;
    const event = eventOf(line);
    if (!event) {
      skipped += 1;
      continue;
    }
    now = header.version === 3 ? now + event.seconds : Math.max(now, event.seconds);
    if (event.known) events.push({ atMs: Math.round(now * 1000), code: event.code, data: event.data });
  }
  return { ...header, events, skipped };
}

/** How long it is, in milliseconds. */
export function castDuration({ events }: Cast): number {
  return events.at(-1)?.atMs ?? 0;
}

function headerOf(line: string): Omit<Cast, 'events' | 'skipped'> {
  const found: unknown = JSON.parse(line);
  if (typeof found !== 'object' || found === null) throw new SyntaxError('The recording has no header.');
  const header = found as Record<string, unknown>;
  const { version } = header;
  if (version !== 2 && version !== 3)
    throw new SyntaxError('The recording is no asciicast of version 2 or 3.');
  const term = version === 3 ? record(header['term']) : { cols: header['width'], rows: header['height'] };
  return {
    version,
    cols: size(term['cols'], 80),
    rows: size(term['rows'], 24),
    timestamp: typeof header['timestamp'] === 'number' ? header['timestamp'] : undefined,
    title: typeof header['title'] === 'string' ? header['title'] : undefined,
    command: typeof header['command'] === 'string' ? header['command'] : undefined,
  };
}

function record(value: unknown): Record<string, unknown> {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
}

function size(value: unknown, usual: number): number {
  return typeof value === 'number' && Number.isInteger(value) && value > 0 && value <= 1000 ? value : usual;
}

/** Undefined for what is no event; events of codes to come still count for the time. */
function eventOf(
  line: string,
):
  | { readonly seconds: number; readonly code: CastCode; readonly data: string; readonly known: boolean }
  | undefined {
  try {
    const found: unknown = JSON.parse(line);
    if (!Array.isArray(found)) return undefined;
    const [seconds, code, data] = found as unknown[];
    if (typeof seconds !== 'number' || !(seconds >= 0) || typeof code !== 'string') return undefined;
    const known = CODES.has(code) && (typeof data === 'string' || typeof data === 'number');
    return { seconds, code: code as CastCode, data: String(data), known };
  } catch {
    return undefined;
  }
}

/** `80x24`; undefined when it is none. */
export function readCastSize(data: string): { readonly cols: number; readonly rows: number } | undefined {
  const [, cols, rows] = /^(\d{1,4})x(\d{1,4})$/.exec(data) ?? [];
  const found = { cols: Number(cols), rows: Number(rows) };
  return found.cols > 0 && found.rows > 0 ? found : undefined;
}
