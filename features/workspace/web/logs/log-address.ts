import type { Severity } from '../../contract/log-protocol.ts';

/** What one log view shows: the same fields in the address of the page, in a tab of the tray, and in the gateway's query. */
export interface LogAddress {
  readonly ns: string;
  /** One of: `pod`; `selector`; `kind` (a path such as `deployments`) and `name`. */
  readonly pod?: string | undefined;
  readonly selector?: string | undefined;
  readonly kind?: string | undefined;
  readonly name?: string | undefined;
  /** Empty: all. */
  readonly containers: readonly string[];
  /** Sources that are not drawn, as `pod` names. */
  readonly hidden: readonly string[];
  /** How far back: `tail:1000`, `since:15m`, `since:2026-11-21T10:00:00Z`. */
  readonly range: string;
  readonly previous: boolean;
  /** Words or `/expression/`, asked of the gateway. */
  readonly filter: string;
  readonly severity?: Severity | undefined;
  /** What is looked for among the lines that are here. */
  readonly find: string;
  /** A line to go to: `pod/container/2026-11-21T10:00:00.123456789Z`. */
  readonly line?: string | undefined;
}

export const LOGS_PATH = '/logs';
export const USUAL_RANGE = 'tail:1000';
/** As many as a view keeps. */
export const MOST_LINES = 100_000;
/** A line that is linked to is shown with what was written this long before it. */
const BEFORE_LINE_MS = 60_000;

const SEVERITIES: readonly string[] = ['error', 'warn', 'info', 'debug'] satisfies readonly Severity[];
const RANGE = /^(?:tail:\d{1,6}|since:(?:\d{1,6}[smhd]|\d{4}-\d\d-\d\dT[\d:.]+Z))$/;

/** Fields that are absent or some text. */
const NAMES = ['pod', 'selector', 'kind', 'name', 'line'] as const;

type Params = Readonly<Record<string, string>>;

/** Anything gives an address; what is not understood counts as not said. */
export function readAddress(params: Params): LogAddress {
  const list = (name: string): readonly string[] => (params[name] ?? '').split(',').filter(Boolean);
  const { range = '', severity = '' } = params;
  return {
    ns: params['ns'] ?? '',
    ...Object.fromEntries(NAMES.flatMap((name) => (params[name] ? [[name, params[name]]] : []))),
    containers: list('containers'),
    hidden: list('hidden'),
    range: RANGE.test(range) ? range : USUAL_RANGE,
    previous: params['previous'] === 'true',
    filter: params['q'] ?? '',
    ...(SEVERITIES.includes(severity) && { severity: severity as Severity }),
    find: params['find'] ?? '',
  };
}

/** Only what differs from the default; `readAddress` gives the same address back. */
export function formatAddress(address: LogAddress): Record<string, string> {
  const fields: readonly (readonly [string, string | undefined])[] = [
    ['ns', address.ns],
    ['pod', address.pod],
    ['selector', address.selector],
    ['kind', address.kind],
    ['name', address.name],
    ['containers', address.containers.join(',')],
    ['hidden', address.hidden.join(',')],
    ['range', address.range === USUAL_RANGE ? '' : address.range],
    ['previous', address.previous ? 'true' : ''],
    ['q', address.filter],
    ['severity', address.severity],
    ['find', address.find],
    ['line', address.line],
  ];
  return Object.fromEntries(fields.filter((field): field is readonly [string, string] => !!field[1]));
}

/** The page of an address: can be sent to a colleague. */
export function pageOf(address: LogAddress): string {
  const query = new URLSearchParams(formatAddress(address)).toString();
  return `${LOGS_PATH}?${query.replaceAll('%2F', '/').replaceAll('%3A', ':').replaceAll('%2C', ',')}`;
}

/** What the gateway is asked. Two addresses that differ only in how they are drawn ask the same. */
export function questionOf(address: LogAddress): URLSearchParams {
  const query = targetOf(address);
  if (address.containers.length > 0) query.set('containers', address.containers.join(','));
  if (address.filter) query.set('filter', address.filter);
  if (address.severity) query.set('severity', address.severity);
  const [unit, value] = splitAt(rangeOf(address), ':');
  query.set('tail', unit === 'tail' ? value : String(MOST_LINES));
  if (unit === 'since') query.set('since', value);
  query.set('follow', String(!address.previous));
  if (address.previous) query.set('previous', 'true');
  // An older gateway knows only the first of them.
  query.set('batch', 'true');
  query.set('blocks', 'true');
  return query;
}

/** Lines of one stretch of time, once: what was skipped, or a file to keep. */
export function stretchOf(
  address: LogAddress,
  stretch: { readonly from: string; readonly to: string; readonly pod?: string; readonly container?: string },
): URLSearchParams {
  const query = stretch.pod ? new URLSearchParams({ ns: address.ns, pod: stretch.pod }) : targetOf(address);
  const containers = stretch.container ?? address.containers.join(',');
  if (containers) query.set('containers', containers);
  if (address.filter) query.set('filter', address.filter);
  if (address.severity) query.set('severity', address.severity);
  query.set('since', stretch.from);
  query.set('until', stretch.to);
  query.set('follow', 'false');
  return query;
}

function targetOf(address: LogAddress): URLSearchParams {
  const query = new URLSearchParams({ ns: address.ns });
  for (const name of ['pod', 'selector', 'kind', 'name'] as const) {
    const value = address[name];
    if (value) query.set(name, value);
  }
  return query;
}

/** Where a line is linked to and nothing else is said, from a minute before it. */
function rangeOf(address: LogAddress): string {
  const at = Date.parse(address.line === undefined ? '' : lineOf(address.line).at);
  if (Number.isNaN(at) || address.range !== USUAL_RANGE) return address.range;
  return `since:${new Date(at - BEFORE_LINE_MS).toISOString()}`;
}

export function formatLine(line: {
  readonly pod: string;
  readonly container: string;
  readonly at: string;
}): string {
  return `${line.pod}/${line.container}/${line.at}`;
}

export function lineOf(text: string): {
  readonly pod: string;
  readonly container: string;
  readonly at: string;
} {
  const [pod = '', container = '', at = ''] = text.split('/');
  return { pod, container, at };
}

/** What the view is of, in few words: the title of its tab and page. */
export function titleOf(address: LogAddress): string {
  if (address.pod) return address.pod;
  if (address.name) return address.name;
  return address.selector ?? '';
}

function splitAt(text: string, mark: string): [string, string] {
  const at = text.indexOf(mark);
  return [text.slice(0, at), text.slice(at + 1)];
}
