import { Compile } from 'typebox/compile';
import { Convert } from 'typebox/value';
import { msToTime, normalTime } from '@krateyard/kube/stream/log-time';
import { StatusError } from '@krateyard/status/status-error';
import { LogQuery, type Severity } from '../../contract/log-protocol.ts';
import { parseLineFilter, type LineFilter } from './line-filter.ts';

/** Whose logs. */
export type LogSubject =
  | { readonly is: 'pod'; readonly name: string }
  | { readonly is: 'selector'; readonly selector: string }
  | { readonly is: 'workload'; readonly kind: string; readonly name: string };

/** A query, understood. Times are normal times. */
export interface LogRequest {
  readonly namespace: string;
  readonly subject: LogSubject;
  /** Undefined: all. */
  readonly containers: ReadonlySet<string> | undefined;
  readonly follow: boolean;
  readonly tail: number | undefined;
  readonly since: string | undefined;
  readonly until: string | undefined;
  readonly previous: boolean;
  readonly filter: LineFilter | undefined;
  readonly severity: Severity | undefined;
  readonly timestamps: boolean;
  readonly batch: boolean;
  readonly blocks: boolean;
  readonly resume: string | undefined;
  readonly format: 'text' | 'ndjson';
}

/** What is meant where a query does not say. */
export interface LogDefaults {
  readonly follow: boolean;
  /** For queries that name neither `tail` nor `since`. */
  readonly tail: number | undefined;
}

const schema = Compile(LogQuery);

/** Throws StatusError BadRequest that names the parameter. */
export function parseLogRequest(query: URLSearchParams, now: number, defaults: LogDefaults): LogRequest {
  const asked = readQuery(query);
  const follow = asked.follow ?? (asked.until === undefined && !asked.previous && defaults.follow);
  if (follow && asked.previous) throw wrong('previous', 'a run that has ended cannot be followed');
  if (follow && asked.until !== undefined) throw wrong('until', 'cannot be combined with follow');
  const since = parseTime('since', asked.since, now);
  return {
    namespace: asked.ns,
    subject: subjectOf(asked),
    containers: containersOf(asked.containers),
    follow,
    tail: asked.tail ?? (since === undefined && asked.resume === undefined ? defaults.tail : undefined),
    since,
    until: parseTime('until', asked.until, now),
    previous: asked.previous ?? false,
    filter: parseLineFilter(asked.filter),
    severity: asked.severity,
    timestamps: asked.timestamps ?? false,
    batch: asked.batch ?? false,
    blocks: asked.blocks ?? false,
    resume: asked.resume,
    format: asked.format ?? 'text',
  };
}

function readQuery(query: URLSearchParams): LogQuery {
  const given: Record<string, string> = {};
  for (const [name, value] of query) {
    if (Object.hasOwn(given, name)) throw wrong(name, 'is given twice');
    // A browser's form sends what was left empty.
    if (value !== '') given[name] = value;
  }
  const asked: unknown = Convert(LogQuery, given);
  if (schema.Check(asked)) return asked;
  const [first] = schema.Errors(asked);
  const field = first?.instancePath.slice(1) ?? '';
  throw wrong(field === '' ? 'the query' : field, first?.message ?? 'is not valid');
}

function subjectOf({ pod, selector, kind, name }: LogQuery): LogSubject {
  const named = [pod, selector, kind].filter((part) => part !== undefined).length;
  if (named !== 1) throw wrong('pod', 'exactly one of pod, selector and kind (with name) must be given');
  if (pod !== undefined) return { is: 'pod', name: pod };
  if (selector !== undefined) return { is: 'selector', selector };
  if (kind === undefined || name === undefined) throw wrong('name', 'is needed beside kind');
  return { is: 'workload', kind, name };
}

function containersOf(text: string | undefined): ReadonlySet<string> | undefined {
  const names = text?.split(',').filter((name) => name !== '') ?? [];
  return names.length === 0 ? undefined : new Set(names);
}

const UNITS: Readonly<Record<string, number>> = { s: 1, m: 60, h: 3600, d: 86_400 };

function parseTime(field: string, text: string | undefined, now: number): string | undefined {
  if (text === undefined) return undefined;
  const exact = normalTime(text);
  if (exact !== undefined) return exact;
  const parts = [...text.matchAll(/(\d{1,9})([smhd])/g)];
  if (parts.length > 0 && parts.map(([part]) => part).join('') === text) {
    const seconds = parts.reduce((sum, [, count, unit]) => sum + Number(count) * UNITS[unit!]!, 0);
    if (seconds <= now / 1000) return msToTime(now - seconds * 1000);
  }
  throw wrong(field, 'must be a time (2026-11-21T14:00:00Z) or a duration (15m, 1h30m)');
}

function wrong(field: string, message: string): StatusError {
  return new StatusError('BadRequest', `The request's query is not valid: ${field}: ${message}`, {
    details: { causes: [{ reason: 'FieldValueInvalid', field, message }] },
  });
}
