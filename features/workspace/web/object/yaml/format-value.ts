import { yamlOf } from './editable-object.ts';

/** Longer values are cut: the whole stands in the text. */
const LONGEST = 4000;

/** A field's value for the eye: text as it is, everything else as YAML. */
export function formatValue(value: unknown): string {
  const text = typeof value === 'string' ? value : yamlOf(value).trimEnd();
  return text.length > LONGEST ? `${text.slice(0, LONGEST)} …` : text;
}
