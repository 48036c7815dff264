import type { LineBlock, RawLine } from '@krateyard/kube/stream/line-block';
import type { SourceName } from './log-outlet.ts';
import { severityOf } from '../../contract/log-severity.ts';

/** Lines of one source that are told together. */
export interface Run {
  readonly source: SourceName;
  readonly block: LineBlock;
}

/** How runs become messages. Written by hand: it is what a gateway that serves logs does most of the time. */
export type LineEncoding = (runs: readonly Run[]) => readonly string[];

/** A `line` frame. */
export function encodeLine({ pod, container }: SourceName, { at, text, more }: RawLine): string {
  const severity = severityOf(text);
  const judged = severity === undefined ? '' : `,"severity":"${severity}"`;
  return `{"type":"line","pod":"${pod}","container":"${container}","at":"${at}","text":${JSON.stringify(text)}${judged}${more ? ',"more":true' : ''}}`;
}

/** One message a line. */
export function encodeSingly(runs: readonly Run[]): readonly string[] {
  return runs.flatMap(({ source, block }) => block.lines().map((line) => encodeLine(source, line)));
}

/** A `lines` frame with all of them. Names of Kubernetes and times need no escapes. */
export function encodeTogether(runs: readonly Run[]): readonly string[] {
  const sources = [...new Set(runs.map(({ source }) => source))];
  let rows = '';
  for (const { source, block } of runs) {
    const head = `[${sources.indexOf(source)},"`;
    for (const { at, text, more } of block.lines()) {
      rows += `${rows === '' ? '' : ','}${head}${at}",${JSON.stringify(text)},"${severityOf(text) ?? ''}",${more ? 'true' : 'false'}]`;
    }
  }
  const names = sources.map(({ pod, container }) => `{"pod":"${pod}","container":"${container}"}`);
  return [`{"type":"lines","sources":[${names.join(',')}],"lines":[${rows}]}`];
}

/** The seed's dialect: the text alone. */
export function encodeBare(timestamps: boolean): LineEncoding {
  return (runs) =>
    runs.flatMap(({ block }) => block.lines().map(({ at, text }) => (timestamps ? `${at} ${text}` : text)));
}
