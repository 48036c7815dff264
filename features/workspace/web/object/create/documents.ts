import { load } from 'js-yaml';
import type { LiveObject } from '@krateyard/ui/live/live-frames';
import { problemOf } from '../yaml/editable-object.ts';
import { isFields } from '../yaml/field-path.ts';
import { yamlStrings as strings } from '../yaml/yaml-strings.ts';

/** One document of a text of several, parted by `---`. */
export interface Document {
  /** Where it stands in the text, without the dashes that part it from others. */
  readonly from: number;
  readonly to: number;
  /** Lines, from 1. */
  readonly firstLine: number;
  readonly lastLine: number;
  readonly apiVersion: string;
  readonly kind: string;
  readonly name: string;
  readonly namespace: string | undefined;
  readonly object: LiveObject | undefined;
  /** Why it is no object; `at`: offset into the whole text. */
  readonly problem: { readonly text: string; readonly at: number } | undefined;
}

/** More than this at once is not for a page: `kubectl apply` does it. */
export const MAX_DOCUMENTS = 100;

/** The documents of a text; empty ones (only blanks and comments) are none. Never throws. */
export function readDocuments(text: string): readonly Document[] {
  return split(text)
    .filter(({ body }) => !/^(?:\s*(?:#.*)?(?:\n|$))*$/.test(body))
    .slice(0, MAX_DOCUMENTS)
    .map(documentOf);
}

interface Part {
  readonly body: string;
  readonly offset: number;
  readonly firstLine: number;
}

function split(text: string): readonly Part[] {
  const parts: Part[] = [];
  let [lines, offset, firstLine, at, number]: [string[], number, number, number, number] = [[], 0, 1, 0, 1];
  for (const line of text.split('\n')) {
    if (/^---(?:\s|$)/.test(line)) {
      parts.push({ body: lines.join('\n'), offset, firstLine });
      [lines, offset, firstLine] = [[], at + line.length + 1, number + 1];
    } else {
      lines.push(line);
    }
    at += line.length + 1;
    number += 1;
  }
  return [...parts, { body: lines.join('\n'), offset, firstLine }];
}

function documentOf({ body, offset, firstLine }: Part): Document {
  const lastLine = firstLine + body.split('\n').length - 1;
  const place = { from: offset, to: offset + body.length };
  const nothing = {
    ...place,
    firstLine,
    lastLine,
    apiVersion: '',
    kind: '',
    name: '',
    namespace: undefined,
    object: undefined,
  };
  let read: unknown;
  try {
    read = load(body);
  } catch (error) {
    const { problem, at = 0 } = problemOf(error);
    return { ...nothing, problem: { text: problem, at: offset + at } };
  }
  if (!isFields(read)) return { ...nothing, problem: { text: strings.noObject, at: offset } };
  const metadata = isFields(read['metadata']) ? read['metadata'] : undefined;
  const known = {
    ...place,
    firstLine,
    lastLine,
    apiVersion: text(read['apiVersion']),
    kind: text(read['kind']),
    name: text(metadata?.['name']) || text(metadata?.['generateName']),
    namespace: text(metadata?.['namespace']) || undefined,
  };
  if (!metadata) return { ...known, object: undefined, problem: { text: strings.noMetadata, at: offset } };
  return { ...known, object: read as unknown as LiveObject, problem: undefined };
}

const text = (value: unknown): string => (typeof value === 'string' ? value : '');
