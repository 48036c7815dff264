import type { CSSProperties, ReactElement, ReactNode } from 'react';
import { parseAnsi, type AnsiSpan, type AnsiStyle } from './ansi.ts';
import type { FindPattern } from './find-pattern.ts';
import { prettyJson } from './json-line.ts';

/** The text of a line: its colours, what is looked for marked. Never markup: React writes it as text. */
export function LogText(props: {
  readonly text: string;
  readonly opened: boolean;
  readonly pattern: FindPattern | undefined;
  readonly current: boolean;
}): ReactElement {
  const { text, opened, pattern, current } = props;
  const pretty = opened ? prettyJson(text) : undefined;
  const spans = pretty === undefined ? parseAnsi(text) : pretty.split('\n').flatMap(lineOfMany);
  return <>{pattern ? marked(spans, pattern, current) : spans.map((span, index) => styled(span, index))}</>;
}

const lineOfMany = (line: string, index: number): readonly AnsiSpan[] =>
  index === 0 ? parseAnsi(line) : [{ text: '\n', style: {} }, ...parseAnsi(line)];

/** Matches may begin in one colour and end in another: each span is cut where a match begins or ends. */
function marked(spans: readonly AnsiSpan[], pattern: FindPattern, current: boolean): ReactNode[] {
  const ranges = pattern.ranges(spans.map(({ text }) => text).join(''));
  const nodes: ReactNode[] = [];
  let start = 0;
  for (const span of spans) {
    const end = start + span.text.length;
    let at = start;
    const take = (to: number, inside: boolean): void => {
      if (to <= at) return;
      const piece = { text: span.text.slice(at - start, to - start), style: span.style };
      const node = styled(piece, at);
      nodes.push(
        inside ? (
          <mark key={`m${at}`} className={current ? 'find-current' : undefined}>
            {node}
          </mark>
        ) : (
          node
        ),
      );
      at = to;
    };
    for (const [from, to] of ranges) {
      if (to <= start || from >= end) continue;
      take(Math.max(from, start), false);
      take(Math.min(to, end), true);
    }
    take(end, false);
    start = end;
  }
  return nodes;
}

function styled({ text, style }: AnsiSpan, key: number): ReactNode {
  if (Object.keys(style).length === 0) return text;
  return (
    <span key={key} className={classesOf(style)} style={colorsOf(style)}>
      {text}
    </span>
  );
}

function classesOf(style: AnsiStyle): string {
  const { fg, bg, inverse, bold, dim, italic, underline, strike } = style;
  const flags = { bold, dim, italic, underline, strike, inverse };
  return [
    ...Object.entries(flags).flatMap(([name, on]) => (on ? [`ansi-${name}`] : [])),
    ...(typeof fg === 'number' ? [`ansi-fg-${fg}`] : []),
    ...(typeof bg === 'number' ? [`ansi-bg-${bg}`] : []),
  ].join(' ');
}

/** Colours that have no name are the writer's own, on a ground on which they can be read in either theme. */
function colorsOf({ fg, bg }: AnsiStyle): CSSProperties | undefined {
  if (typeof fg !== 'string' && typeof bg !== 'string') return undefined;
  return {
    ...(typeof fg === 'string' && {
      color: `light-dark(color-mix(in oklab, ${fg} 55%, black), color-mix(in oklab, ${fg} 75%, white))`,
    }),
    ...(typeof bg === 'string' && { background: `color-mix(in oklab, ${bg} 30%, transparent)` }),
  };
}
