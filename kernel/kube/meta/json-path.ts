/**
 * The JSONPath of kubectl and of CRD printer columns (client-go `util/jsonpath`), without its templates: `.spec.a`, `['a.b']`,
 * `.a\.b`, `[0]`, `[-1]`, `[1:3]`, `[*]`, `.*`, `..a`, `[?(@.type=="Ready")]` with == != < > <= >=, and unions `['a','b']`.
 * Braces and a leading `$` or `@` are optional.
 */

/** All values at a path, in document order; none where the way ends. Never throws. */
export type JsonPathReader = (value: unknown) => readonly unknown[];

type Step = (value: unknown) => readonly unknown[];

const parsed = new Map<string, JsonPathReader>();
/** CRDs name few paths; a flood of different ones (from requests) starts the memory anew. */
const REMEMBERED = 2000;

/** Thrown by `parseJsonPath`; `message` says where it stops making sense. */
export class JsonPathSyntaxError extends Error {
  override readonly name = 'JsonPathSyntaxError';
}

/** The reader of a path; remembers what it has parsed. A path that is none reads nothing, as a bad printer column must not break a table. */
export function readJsonPath(path: string): JsonPathReader {
  const known = parsed.get(path);
  if (known) return known;
  let reader: JsonPathReader;
  try {
    reader = parseJsonPath(path);
  } catch {
    reader = () => [];
  }
  if (parsed.size >= REMEMBERED) parsed.clear();
  parsed.set(path, reader);
  return reader;
}

/** Parses a path, or throws JsonPathSyntaxError. */
export function parseJsonPath(path: string): JsonPathReader {
  const steps = new PathParser(unwrapped(path)).steps();
  return (value) =>
    steps.reduce<readonly unknown[]>((found, step) => found.flatMap((item) => step(item)), [value]);
}

function unwrapped(path: string): string {
  const trimmed = path.trim();
  const inner = trimmed.startsWith('{') && trimmed.endsWith('}') ? trimmed.slice(1, -1).trim() : trimmed;
  const rooted = inner.startsWith('$') || inner.startsWith('@') ? inner.slice(1) : inner;
  return rooted === '' || rooted.startsWith('.') || rooted.startsWith('[') ? rooted : `.${rooted}`;
}

class PathParser {
  readonly #text: string;
  #at = 0;

  constructor(text: string) {
    this.#text = text;
  }

  steps(): Step[] {
    const steps: Step[] = [];
    while (this.#at < this.#text.length) steps.push(this.#step());
    return steps;
  }

  #step(): Step {
    if (this.#take('..')) return this.#descendant();
    if (this.#take('.')) {
      if (this.#text[this.#at] === '[' || this.#at === this.#text.length) return (value) => [value];
      return this.#take('*') ? children : field(this.#name());
    }
    if (this.#take('[')) return this.#bracket();
    throw this.#unexpected();
  }

  #descendant(): Step {
    if (this.#take('*')) return (value) => descendants(value).slice(1);
    const inner = this.#text[this.#at] === '[' ? this.#step() : field(this.#name());
    return (value) => descendants(value).flatMap(inner);
  }

  /** A dotted name; a backslash keeps the character after it (`metadata.annotations.example\.com/x`). */
  #name(): string {
    const match = /^(?:\\.|[^.[\]\\])+/.exec(this.#text.slice(this.#at));
    if (!match) throw this.#unexpected();
    this.#at += match[0].length;
    return match[0].replaceAll(/\\(.)/g, '$1');
  }

  #bracket(): Step {
    const close = closingBracket(this.#text, this.#at);
    if (close === -1) throw this.#unexpected();
    const inner = this.#text.slice(this.#at, close).trim();
    this.#at = close + 1;
    if (inner === '*') return children;
    if (inner.startsWith('?')) return filter(inner.slice(1).trim());
    const parts = splitUnion(inner).map(subscript);
    return parts.length === 1 ? parts[0]! : (value) => parts.flatMap((part) => part(value));
  }

  #take(text: string): boolean {
    if (!this.#text.startsWith(text, this.#at)) return false;
    this.#at += text.length;
    return true;
  }

  #unexpected(): JsonPathSyntaxError {
    return new JsonPathSyntaxError(`invalid JSONPath "${this.#text}" at offset ${this.#at}`);
  }
}

function field(name: string): Step {
  return (value) =>
    typeof value === 'object' && value !== null && !Array.isArray(value) && Object.hasOwn(value, name)
      ? [(value as Record<string, unknown>)[name]]
      : [];
}

function children(value: unknown): readonly unknown[] {
  if (Array.isArray(value)) return value;
  return typeof value === 'object' && value !== null ? Object.values(value) : [];
}

function descendants(value: unknown): readonly unknown[] {
  return [value, ...children(value).flatMap(descendants)];
}

function subscript(text: string): Step {
  const quoted = /^(?:'((?:\\.|[^'\\])*)'|"((?:\\.|[^"\\])*)")$/.exec(text);
  if (quoted) return field((quoted[1] ?? quoted[2] ?? '').replaceAll(/\\(.)/g, '$1'));
  if (/^-?\d+$/.test(text)) return element(Number(text));
  const slice = /^(-?\d+)?:(-?\d+)?(?::(\d+))?$/.exec(text);
  if (slice) return range(slice[1], slice[2], slice[3]);
  if (/^[\w-]+$/.test(text)) return field(text);
  throw new JsonPathSyntaxError(`invalid JSONPath subscript "[${text}]"`);
}

function element(index: number): Step {
  return (value) => {
    if (!Array.isArray(value)) return [];
    const position = index < 0 ? value.length + index : index;
    return position >= 0 && position < value.length ? [value[position]] : [];
  };
}

function range(from: string | undefined, to: string | undefined, step: string | undefined): Step {
  const stride = Math.max(1, Number(step ?? 1));
  return (value) =>
    Array.isArray(value)
      ? value
          .slice(from === undefined ? 0 : Number(from), to === undefined ? undefined : Number(to))
          .filter((_, index) => index % stride === 0)
      : [];
}

function filter(text: string): Step {
  const match = /^\(\s*@(.*?)\s*(?:(==|!=|<=|>=|<|>)\s*(.*?))?\s*\)$/.exec(text);
  if (!match) throw new JsonPathSyntaxError(`invalid JSONPath filter "?${text}"`);
  const read = parseJsonPath(match[1] ?? '');
  const operator = match[2];
  if (operator === undefined) return (value) => children(value).filter((item) => read(item).length > 0);
  const expected = literal(match[3] ?? '');
  return (value) => children(value).filter((item) => compare(read(item)[0], operator, expected));
}

function literal(text: string): unknown {
  const quoted = /^(?:'(.*)'|"(.*)")$/.exec(text);
  if (quoted) return quoted[1] ?? quoted[2];
  if (text === 'true' || text === 'false') return text === 'true';
  const number = Number(text);
  if (text === '' || Number.isNaN(number))
    throw new JsonPathSyntaxError(`invalid JSONPath literal "${text}"`);
  return number;
}

function compare(found: unknown, operator: string, expected: unknown): boolean {
  if (operator === '==') return found === expected;
  if (operator === '!=') return found !== undefined && found !== expected;
  if (typeof found !== typeof expected || (typeof found !== 'number' && typeof found !== 'string'))
    return false;
  const other = expected as typeof found;
  if (operator === '<') return found < other;
  if (operator === '>') return found > other;
  return operator === '<=' ? found <= other : found >= other;
}

/** Offset of the bracket that closes the one opened just before `from`; quotes and nested brackets are skipped. -1 when there is none. */
function closingBracket(text: string, from: number): number {
  let depth = 1;
  let quote = '';
  for (let at = from; at < text.length; at += 1) {
    const char = text[at]!;
    if (quote !== '') {
      if (char === '\\') at += 1;
      else if (char === quote) quote = '';
    } else if (char === '"' || char === "'") quote = char;
    else if (char === '[') depth += 1;
    else if (char === ']') {
      depth -= 1;
      if (depth === 0) return at;
    }
  }
  return -1;
}

function splitUnion(text: string): string[] {
  return (text.match(/(?:'(?:\\.|[^'\\])*'|"(?:\\.|[^"\\])*"|[^,])+/g) ?? ['']).map((part) => part.trim());
}
