import { load, YAMLException } from 'js-yaml';
import type { LiveObject } from '@krateyard/ui/live/live-frames';
import { isFields } from './field-path.ts';
import { writeYaml } from './write-yaml.ts';
import { yamlStrings as strings } from './yaml-strings.ts';

/** Written by the API server alone: noise to whoever edits. */
const SERVERS = new Set([
  'managedFields',
  'resourceVersion',
  'generation',
  'uid',
  'creationTimestamp',
  'selfLink',
  'deletionTimestamp',
  'deletionGracePeriodSeconds',
]);
const LAST_APPLIED = 'kubectl.kubernetes.io/last-applied-configuration';

/** An object without what nobody edits; what is compared, merged and patched. */
export function editable(object: LiveObject): LiveObject {
  const metadata = Object.fromEntries(Object.entries(object.metadata).filter(([name]) => !SERVERS.has(name)));
  const annotations = metadata['annotations'];
  if (isFields(annotations) && Object.hasOwn(annotations, LAST_APPLIED)) {
    const { [LAST_APPLIED]: _, ...rest } = annotations;
    if (Object.keys(rest).length > 0) metadata['annotations'] = rest;
    else delete metadata['annotations'];
  }
  const { dataSizes: _sizes, ...rest } = object;
  return { ...rest, metadata };
}

const FIRST = ['apiVersion', 'kind', 'metadata', 'type', 'spec', 'data'];
const LAST = ['status'];

/** As YAML, in the order in which people read an object; status last. */
export function yamlOf(object: unknown): string {
  return writeYaml(isFields(object) ? inOrder(object) : object);
}

function inOrder(object: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const names = Object.keys(object);
  const middle = names.filter((name) => !FIRST.includes(name) && !LAST.includes(name));
  return Object.fromEntries(
    [...FIRST, ...middle, ...LAST]
      .filter((name) => Object.hasOwn(object, name))
      .map((name) => [name, object[name]]),
  );
}

export type ReadYaml =
  | { readonly object: LiveObject }
  /** `at`: offset into the text. */
  | { readonly problem: string; readonly at?: number | undefined };

/** Reads what was typed as one object; the problem in words where it is none. */
export function readYaml(text: string): ReadYaml {
  try {
    const read: unknown = load(text);
    if (!isFields(read)) return { problem: strings.noObject };
    if (!isFields(read['metadata'])) return { problem: strings.noMetadata };
    return { object: read as unknown as LiveObject };
  } catch (error) {
    return problemOf(error);
  }
}

export function problemOf(error: unknown): { readonly problem: string; readonly at?: number | undefined } {
  if (!(error instanceof YAMLException)) return { problem: String(error) };
  const { reason, mark } = error;
  return { problem: mark ? strings.yamlProblem(reason, mark.line + 1) : reason, at: mark?.position };
}

/** What says which object it is cannot be changed by an edit: the problem, or undefined. */
export function identityProblem(base: LiveObject, mine: LiveObject): string | undefined {
  const changed = (
    [
      ['apiVersion', base.apiVersion, mine.apiVersion],
      ['kind', base.kind, mine.kind],
      ['metadata.name', base.metadata.name, mine.metadata.name],
      ['metadata.namespace', base.metadata.namespace, mine.metadata.namespace],
    ] as const
  ).find(([, was, is]) => was !== is);
  return changed && strings.identity(changed[0]);
}
