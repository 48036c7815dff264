import { loadPart } from '@krateyard/ui/page/load-part';

/** What is looked for: finds stretches of a text. */
export interface FindPattern {
  /** [from, to) of each match, at most `MOST_IN_A_LINE`; none is empty. */
  ranges(text: string): readonly (readonly [number, number])[];
  matches(text: string): boolean;
}

const MOST_IN_A_LINE = 500;
const EXPRESSION = /^\/(.+)\/(i?)$/;

/**
 * Words are looked for as they stand, any case; `/expression/` and `/expression/i` in RE2's language, which takes time in
 * proportion to the text whatever the expression. Undefined for nothing to look for; throws an Error that says what is wrong.
 */
export async function findPattern(text: string): Promise<FindPattern | undefined> {
  if (text === '') return undefined;
  const [, expression, flags] = EXPRESSION.exec(text) ?? [];
  if (expression === undefined) return literal(text);
  const { RE2JS } = await loadPart(() => import('re2js'));
  return re2(RE2JS.compile(expression, flags === 'i' ? RE2JS.CASE_INSENSITIVE : 0));
}

function literal(words: string): FindPattern {
  const source = words.replaceAll(/[$()*+.?[\\\]^{|}]/g, String.raw`\$&`);
  const all = new RegExp(source, 'giu');
  const one = new RegExp(source, 'iu');
  return {
    matches: (text) => one.test(text),
    ranges: (text) => {
      const found: [number, number][] = [];
      for (const match of text.matchAll(all)) {
        if (found.push([match.index, match.index + match[0].length]) === MOST_IN_A_LINE) break;
      }
      return found;
    },
  };
}

interface Matcher {
  find(): boolean;
  start(): number;
  end(): number;
}

function re2(pattern: { matcher(text: string): Matcher }): FindPattern {
  return {
    matches: (text) => {
      const matcher = pattern.matcher(text);
      while (matcher.find()) if (matcher.end() > matcher.start()) return true;
      return false;
    },
    ranges: (text) => {
      const found: [number, number][] = [];
      const matcher = pattern.matcher(text);
      while (found.length < MOST_IN_A_LINE && matcher.find()) {
        if (matcher.end() > matcher.start()) found.push([matcher.start(), matcher.end()]);
      }
      return found;
    },
  };
}
