import { dump, type DumpOptions } from 'js-yaml';

/** A value as block YAML: no anchors, no line broken to fit, and what JSON cannot say left out. */
export const writeYaml = (value: unknown, more: Pick<DumpOptions, 'flowLevel' | 'sortKeys'> = {}): string =>
  dump(value, { noRefs: true, lineWidth: -1, skipInvalid: true, ...more });
