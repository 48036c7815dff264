import { load } from 'js-yaml';
import { isFields, sameValue } from './field-path.ts';
import { applyEdits, type TextEdit } from './text-edit.ts';
import { writeYaml } from './write-yaml.ts';
import { yamlTree, type YamlNode } from './yaml-tree.ts';

type Fields = Readonly<Record<string, unknown>>;

/**
 * What must change in the text of one document so that it says `after`: only the fields that differ, everything else,
 * comments too, stays as it was written. Where that does not work (aliases, tags) the whole document is written anew.
 * Of a text that cannot be read: undefined.
 */
export function yamlEdits(text: string, after: object): readonly TextEdit[] | undefined {
  let before: unknown;
  try {
    before = load(text);
  } catch {
    return undefined;
  }
  const edits = inPlace(text, before, after);
  if (edits && areApart(edits) && says(applyEdits(text, edits), after)) return edits;
  const anew = writeYaml(after);
  return [{ from: 0, to: text.length, insert: text.endsWith('\n') ? anew : anew.trimEnd() }];
}

function inPlace(text: string, before: unknown, after: object): readonly TextEdit[] | undefined {
  try {
    const tree = yamlTree(text);
    if (!tree || tree.type !== 'map' || tree.flow) return undefined;
    return new Editor(text).map(tree, before as Fields, after as Fields);
  } catch {
    return undefined;
  }
}

const areApart = (edits: readonly TextEdit[]): boolean =>
  edits.every(({ to }, index) => to <= (edits[index + 1]?.from ?? Infinity));

function says(text: string, object: object): boolean {
  try {
    return sameValue(load(text), object);
  } catch {
    return false;
  }
}

const writeFlow = (value: unknown): string => writeYaml(value, { flowLevel: 0 }).trimEnd();

class Editor {
  readonly #text: string;

  constructor(text: string) {
    this.#text = text;
  }

  /** Undefined: the map must be written anew. */
  map(
    node: Extract<YamlNode, { type: 'map' }>,
    before: Fields,
    after: Fields,
  ): readonly TextEdit[] | undefined {
    const added = Object.keys(after).filter((key) => !Object.hasOwn(before, key));
    const removed = node.entries.filter(({ key }) => !Object.hasOwn(after, key));
    // As many gone as new: names were changed, and each stands where the old one stood.
    const renamed = new Map(
      removed.length === added.length ? removed.map(({ key }, index) => [key, added[index]!]) : [],
    );
    const last = node.entries.findLast(({ key }) => Object.hasOwn(after, key) || renamed.has(key));
    if (!last) return undefined;
    const column = this.#column(node.start);
    const edits = node.entries.flatMap((entry, index): readonly TextEdit[] => {
      const { key, value, start } = entry;
      const now = renamed.get(key);
      if (now !== undefined)
        return [{ from: start, to: value.end, insert: entryText(now, after[now], column) }];
      if (!Object.hasOwn(after, key)) return [this.#without(node.entries, index)];
      if (sameValue(before[key], after[key])) return [];
      return (
        this.#value(value, before[key], after[key]) ?? [
          { from: start, to: value.end, insert: entryText(key, after[key], column) },
        ]
      );
    });
    if (added.length === renamed.size) return edits;
    const at = this.#lineEnd(last.value.end);
    const insert = added
      .map((key) => `\n${' '.repeat(column)}${entryText(key, after[key], column)}`)
      .join('');
    return [...edits, { from: at, to: at, insert }].toSorted((one, other) => one.from - other.from);
  }

  /** Undefined: the field must be written anew, with its name. */
  #value(node: YamlNode, before: unknown, after: unknown): readonly TextEdit[] | undefined {
    if (node.type === 'scalar') return this.#scalar(node, after);
    if (node.flow) {
      const empty = node.type === 'map' ? node.entries.length === 0 : node.items.length === 0;
      return empty || isEmpty(after)
        ? undefined
        : [{ from: node.start, to: node.end, insert: writeFlow(after) }];
    }
    if (node.type === 'map') {
      return isFields(before) && isFields(after) ? this.map(node, before, after) : undefined;
    }
    if (!Array.isArray(before) || !Array.isArray(after) || before.length !== after.length) return undefined;
    return this.#items(node, before, after);
  }

  #scalar(node: Extract<YamlNode, { type: 'scalar' }>, after: unknown): readonly TextEdit[] | undefined {
    if (!node.plain || (typeof after === 'object' && after !== null)) return undefined;
    const insert = writeFlow([after]).slice(1, -1);
    return insert.includes('\n') || /[\r\n]/.test(String(after))
      ? undefined
      : [{ from: node.start, to: node.end, insert }];
  }

  #items(
    node: Extract<YamlNode, { type: 'list' }>,
    before: readonly unknown[],
    after: readonly unknown[],
  ): readonly TextEdit[] {
    return node.items.flatMap((item, index): readonly TextEdit[] => {
      if (sameValue(before[index], after[index])) return [];
      const column = this.#column(item.start);
      return (
        this.#value(item, before[index], after[index]) ?? [
          { from: item.start, to: item.end, insert: indented(writeYaml(after[index]).trimEnd(), column) },
        ]
      );
    });
  }

  /** Takes an entry out: its lines; of the first in an item of a list all up to the next one. */
  #without(entries: readonly { start: number; value: YamlNode }[], index: number): TextEdit {
    const { start, value } = entries[index]!;
    const lineStart = this.#text.lastIndexOf('\n', start - 1) + 1;
    const next = entries[index + 1];
    if (this.#text.slice(lineStart, start).trim() !== '' && next)
      return { from: start, to: next.start, insert: '' };
    const end = this.#lineEnd(value.end);
    return lineStart === 0
      ? { from: 0, to: Math.min(end + 1, this.#text.length), insert: '' }
      : { from: lineStart - 1, to: end, insert: '' };
  }

  #column(at: number): number {
    return at - (this.#text.lastIndexOf('\n', at - 1) + 1);
  }

  #lineEnd(at: number): number {
    const end = this.#text.indexOf('\n', at);
    return end === -1 ? this.#text.length : end;
  }
}

const isEmpty = (value: unknown): boolean =>
  typeof value !== 'object' || value === null || Object.keys(value).length === 0;

/** A field as it stands in a block at this column; its first line without the indent. */
const entryText = (key: string, value: unknown, column: number): string =>
  indented(writeYaml(Object.fromEntries([[key, value]])).trimEnd(), column);

/** Of a block scalar too: what is indented more, in all its lines, says the same. */
const indented = (text: string, column: number): string =>
  text.replaceAll(/\n(?!\n|$)/g, `\n${' '.repeat(column)}`);
