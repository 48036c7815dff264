import type { JsonPatchOperation } from '../../contract/watch-protocol.ts';

type Json = unknown;
type Fields = Readonly<Record<string, Json>>;

/**
 * RFC 6902 operations that turn `before` into `after`. Subtrees that are the same object (as cached projections share them) are
 * not looked into. Lists of equal length are compared place by place, others are replaced.
 */
export function jsonDiff(before: Json, after: Json): JsonPatchOperation[] {
  const operations: JsonPatchOperation[] = [];
  collect(before, after, '', operations);
  return operations;
}

function collect(before: Json, after: Json, path: string, operations: JsonPatchOperation[]): void {
  if (Object.is(before, after)) return;
  if (isFields(before) && isFields(after)) collectFields(before, after, path, operations);
  else if (Array.isArray(before) && Array.isArray(after) && before.length === after.length) {
    for (const [index, item] of after.entries()) collect(before[index], item, `${path}/${index}`, operations);
  } else operations.push({ op: 'replace', path, value: after });
}

function collectFields(before: Fields, after: Fields, path: string, operations: JsonPatchOperation[]): void {
  for (const name of Object.keys(before)) {
    if (!Object.hasOwn(after, name)) operations.push({ op: 'remove', path: `${path}/${pointer(name)}` });
  }
  for (const [name, value] of Object.entries(after)) {
    const at = `${path}/${pointer(name)}`;
    if (Object.hasOwn(before, name)) collect(before[name], value, at, operations);
    else operations.push({ op: 'add', path: at, value });
  }
}

/** RFC 6901. */
function pointer(name: string): string {
  return name.replaceAll('~', '~0').replaceAll('/', '~1');
}

function isFields(value: Json): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
