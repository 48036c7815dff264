/** Strings as a whole, and the characters that give JSON its structure. */
const TOKENS = /"(?:[^"\\]|\\.)*"|[{}[\]:,]/g;

interface Level {
  readonly path: string;
  /** undefined in arrays. */
  readonly seen: Set<string> | undefined;
  index: number;
  key: string;
  expectsKey: boolean;
}

/** Paths of fields that stand twice in one object of a valid JSON text (`data`, `spec.template`): `JSON.parse` keeps the last. */
export function duplicateFields(text: string): string[] {
  const found: string[] = [];
  const levels: Level[] = [];
  for (const [token] of text.matchAll(TOKENS)) {
    const top = levels.at(-1);
    if (token === '{' || token === '[') levels.push(enter(top, token));
    else if (token === '}' || token === ']') levels.pop();
    else if (token === ',' && top) {
      top.index += 1;
      top.expectsKey = top.seen !== undefined;
    } else if (token.startsWith('"') && top?.expectsKey) readKey(top, JSON.parse(token) as string, found);
  }
  return found;
}

function enter(outer: Level | undefined, token: string): Level {
  const isObject = token === '{';
  return {
    path: outer ? pathIn(outer) : '',
    seen: isObject ? new Set() : undefined,
    index: 0,
    key: '',
    expectsKey: isObject,
  };
}

function pathIn(level: Level): string {
  if (level.seen === undefined) return `${level.path}[${level.index}]`;
  return level.path === '' ? level.key : `${level.path}.${level.key}`;
}

function readKey(level: Level, key: string, found: string[]): void {
  level.key = key;
  level.expectsKey = false;
  if (level.seen!.has(key)) found.push(pathIn(level));
  level.seen!.add(key);
}
