import { writeYaml } from '../../yaml/write-yaml.ts';
import { yamlEdits } from '../../yaml/yaml-edits.ts';
import { yamlTree, type YamlNode } from '../../yaml/yaml-tree.ts';
import type { TextEdit } from '../../yaml/text-edit.ts';
import type { Document } from '../documents.ts';
import { objectsOf, type FormObjects } from './form-objects.ts';
import type { CreateForm, FormValues } from './form-spec.ts';
import type { ObjectPath } from './object-path.ts';

/** The YAML of what a form makes. */
export function formText(form: CreateForm, values: FormValues): string {
  return objectsOf(form, values)
    .flatMap((object) => (object ? [writeYaml(object)] : []))
    .join('---\n');
}

/** The documents of a text that a form is of: by part its first one of that kind, undefined where there is none. */
export function documentsOf(
  form: CreateForm,
  documents: readonly Document[],
): readonly (Document | undefined)[] {
  return form.parts.map(({ apiVersion, kind }) =>
    documents.find(
      (document) => document.object && document.apiVersion === apiVersion && document.kind === kind,
    ),
  );
}

/**
 * What must change in a text so that the documents of a form say `after`: nothing else in them is touched. A part that is
 * new comes behind the one before it, one that is not made any more goes with all that stands in it.
 */
export function formEdits(
  text: string,
  form: CreateForm,
  documents: readonly Document[],
  after: FormObjects,
): readonly TextEdit[] {
  const mine = documentsOf(form, documents);
  return after
    .flatMap((object, part): readonly TextEdit[] => {
      const document = mine[part];
      if (document && !object) return [without(text, document)];
      if (document && object) return changes(text, document, object);
      return object ? [added(text, mine, part, object)] : [];
    })
    .toSorted((one, other) => one.from - other.from);
}

function changes(text: string, { object, from, to }: Document, after: object): readonly TextEdit[] {
  if (object === after) return [];
  const edits = yamlEdits(text.slice(from, to), after) ?? [];
  return edits.map((edit) => ({ ...edit, from: edit.from + from, to: edit.to + from }));
}

/** A document with the line of dashes before it; of the first the one behind it. */
function without(text: string, { from, to }: Document): TextEdit {
  if (from > 0)
    return { from: text.lastIndexOf('\n', from - 2) + 1, to: Math.min(to + 1, text.length), insert: '' };
  const next = text.indexOf('\n', to + 1);
  return { from, to: next === -1 ? text.length : next + 1, insert: '' };
}

function added(
  text: string,
  mine: readonly (Document | undefined)[],
  part: number,
  object: object,
): TextEdit {
  const before = mine.slice(0, part).findLast((one) => one !== undefined);
  const at = before?.to ?? text.length;
  const lead = at === 0 || text[at - 1] === '\n' ? '' : '\n';
  const dashes = text.slice(0, at).trim() === '' ? '' : '---\n';
  const tail = at < text.length ? '' : '\n';
  return { from: at, to: at, insert: `${lead}${dashes}${writeYaml(object).trimEnd()}${tail}` };
}

/** Where in a text a path of one of its documents stands, or what is around it. */
export function placeInText(text: string, { from, to }: Document, path: ObjectPath): number {
  let node: YamlNode | undefined = yamlTree(text.slice(from, to));
  let at = node?.start ?? 0;
  for (const step of path) {
    const entry = node?.type === 'map' ? node.entries.find(({ key }) => key === step) : undefined;
    node = node?.type === 'list' && typeof step === 'number' ? node.items[step] : entry?.value;
    if (!node) break;
    at = entry?.start ?? node.start;
  }
  return from + at;
}
