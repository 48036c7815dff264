/** Where in a YAML text a position is, as far as its indentation tells: enough to complete and explain, whatever else is wrong. */
export interface YamlPlace {
  /** Fields from the top down to the mapping (or the value) that the position is in; `-` is an item of a list. */
  readonly path: readonly string[];
  /** `key`: where a field's name is or would be; `value`: behind `name:`, and then `path` ends with that name. */
  readonly at: 'key' | 'value';
  /** Fields that the same mapping has already. */
  readonly siblings: ReadonlySet<string>;
  /** What is typed of the key or value so far, and where it begins in the line. */
  readonly typed: string;
  readonly from: number;
}

/** One-based, as editors count. */
export interface Lines {
  readonly count: number;
  line(number: number): string;
}

const KEY = /^("(?:[^"\\]|\\.)*"|'[^']*'|[^\s#'":,[\]{}&*!|>%@`-][^#]*?|-[^\s#][^#]*?)\s*:(?=\s|$)/;
/** How far up is looked for what a line belongs to: a hundred thousand lines take some milliseconds. */
const FAR = 100_000;

interface Parsed {
  /** Columns before the content: behind the dashes, where it begins with some. */
  readonly indent: number;
  /** Columns of the dashes that begin items in this line. */
  readonly dashes: readonly number[];
  readonly key: string | undefined;
  /** The rest behind `key:`, or the content where there is no key. */
  readonly value: string;
  readonly blank: boolean;
}

/** `column` counts from 0. */
export function placeIn(lines: Lines, number: number, column: number): YamlPlace {
  const whole = lines.line(number);
  const before = whole.slice(0, column);
  const here = parsed(before);
  const atValue = here.key !== undefined && /:\s+/.test(before.slice(here.indent));
  const indent = here.blank ? column : here.indent;
  const above = ancestors(lines, number, here.blank ? indent : (here.dashes[0] ?? indent));
  const path = [...above, ...here.dashes.map(() => '-')];
  const typed = atValue ? here.value.trimStart() : before.slice(here.blank ? column : here.indent);
  return {
    path: atValue ? [...path, here.key!] : path,
    at: atValue ? 'value' : 'key',
    siblings: siblingsOf(lines, number, indent, here.dashes.length > 0),
    typed,
    from: column - typed.length,
  };
}

/** The path of the key that stands in a line, that key included; undefined where the line has none. */
export function pathOfLine(lines: Lines, number: number): readonly string[] | undefined {
  const here = parsed(lines.line(number));
  if (here.key === undefined) return undefined;
  const above = ancestors(lines, number, here.dashes[0] ?? here.indent);
  return [...above, ...here.dashes.map(() => '-'), here.key];
}

/** What a line that begins at `indent` belongs to, outermost first. */
function ancestors(lines: Lines, number: number, indent: number): readonly string[] {
  const path: string[] = [];
  let limit = indent;
  // A list may stand at the column of the key that it belongs to.
  let item = /^\s*-(\s|$)/.test(lines.line(number));
  for (let at = number - 1; at > Math.max(0, number - FAR) && (limit > 0 || item); at -= 1) {
    const text = lines.line(at);
    if (/^(?:---|\.\.\.)(?:\s|$)/.test(text)) break;
    const line = parsed(text);
    if (line.blank) continue;
    // The part of this line that begins left of what we look for: its key, and the dashes before it.
    const steps: { readonly column: number; readonly name: string }[] = [
      ...line.dashes.map((column) => ({ column, name: '-' })),
      ...(line.key === undefined ? [] : [{ column: line.indent, name: line.key }]),
    ];
    for (const { column, name } of steps.toReversed()) {
      const belongs = column < limit || (item && column === limit && name !== '-');
      if (!belongs) continue;
      path.unshift(name);
      limit = column;
      item = name === '-';
    }
  }
  return path;
}

function siblingsOf(lines: Lines, number: number, indent: number, first: boolean): ReadonlySet<string> {
  const found = new Set<string>();
  const collect = (step: 1 | -1): void => {
    for (let at = number + step; at > 0 && at <= lines.count && Math.abs(at - number) < 2000; at += step) {
      const line = parsed(lines.line(at));
      if (line.blank || line.indent > indent) continue;
      const begins = line.dashes.length > 0;
      if (line.indent < indent || (begins && step === 1)) return;
      if (line.key !== undefined) found.add(line.key);
      if (begins) return;
    }
  };
  if (!first) collect(-1);
  collect(1);
  return found;
}

function parsed(text: string): Parsed {
  const blank = /^\s*(?:#|$)/.test(text);
  let indent = text.length - text.trimStart().length;
  const dashes: number[] = [];
  for (let rest = text.slice(indent); /^-(?:\s|$)/.test(rest); rest = text.slice(indent)) {
    dashes.push(indent);
    const after = rest.slice(1);
    indent += 1 + after.length - after.trimStart().length;
    if (after.trim() === '') {
      indent = text.length;
      break;
    }
  }
  const content = text.slice(indent);
  const match = KEY.exec(content);
  const key = match?.[1];
  return {
    indent,
    dashes,
    key: key === undefined ? undefined : unquoted(key),
    value: match ? content.slice(match[0].length) : content,
    blank,
  };
}

const unquoted = (key: string): string =>
  (key.startsWith('"') && key.endsWith('"')) || (key.startsWith("'") && key.endsWith("'"))
    ? key.slice(1, -1)
    : key;
