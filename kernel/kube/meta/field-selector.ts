import { SelectorSyntaxError } from './label-selector.ts';
import type { KubeObject } from './object.ts';

/** One term of a field selector, `path=value` or `path!=value`; all terms must hold. */
export interface FieldRequirement {
  readonly path: string;
  readonly operator: '=' | '!=';
  readonly value: string;
}

/** Reads `metadata.name=a,status.phase!=Running`; `\\,`, `\\=` and `\\\\` in values are escapes, as in apimachinery's `fields.ParseSelector`. */
export function parseFieldSelector(text: string): readonly FieldRequirement[] {
  if (text === '') return [];
  return text
    .split(/(?<!\\),/)
    .filter((term) => term !== '')
    .map(parseTerm);
}

export function formatFieldSelector(requirements: readonly FieldRequirement[]): string {
  return requirements
    .map(({ path, operator, value }) => `${path}${operator}${value.replaceAll(/[\\,=]/g, '\\$&')}`)
    .join(',');
}

/** `valueAt` gives the field's text, '' where it is absent. By default a dotted path into the object. */
export function matchesFields(
  requirements: readonly FieldRequirement[],
  object: KubeObject,
  valueAt: (object: KubeObject, path: string) => string = fieldValue,
): boolean {
  return requirements.every(
    ({ path, operator, value }) => (valueAt(object, path) === value) === (operator === '='),
  );
}

/** The text of the field at a dotted path; '' where it is absent or no scalar. */
export function fieldValue(object: KubeObject, path: string): string {
  let at: unknown = object;
  for (const part of path.split('.')) {
    if (typeof at !== 'object' || at === null || !Object.hasOwn(at, part)) return '';
    at = (at as Record<string, unknown>)[part];
  }
  return typeof at === 'string' || typeof at === 'number' || typeof at === 'boolean' ? String(at) : '';
}

function parseTerm(term: string): FieldRequirement {
  const match = /^([^=!\\]+?)(==|!=|=)((?:[^\\]|\\[\\,=])*)$/.exec(term);
  if (!match)
    throw new SelectorSyntaxError(
      `invalid field selector term "${term}": expected path=value or path!=value`,
    );
  const [, path, sign, raw] = match as unknown as [string, string, string, string];
  return { path, operator: sign === '!=' ? '!=' : '=', value: raw.replaceAll(/\\([\\,=])/g, '$1') };
}
