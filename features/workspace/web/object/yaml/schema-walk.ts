import type { KindSchema, SchemaNode } from '../../../contract/kind-schema.ts';

/** References are followed at most this far: no schema of the API nests its wrappers deeper. */
const MAX_REFS = 8;

/** The node with what its definition adds; its own description and default count before those of the definition. */
export function resolved(schema: KindSchema, node: SchemaNode): SchemaNode {
  let here = node;
  for (let step = 0; here.ref !== undefined && step < MAX_REFS; step += 1) {
    const target = Object.hasOwn(schema.definitions, here.ref) ? schema.definitions[here.ref] : undefined;
    const { ref: _, ...own } = here;
    here = { ...target, ...own };
    if (target?.ref !== undefined) here = { ...here, ref: target.ref };
  }
  return here;
}

/** What the schema says of the field at a path (`-`: an item of a list); undefined where it says nothing. */
export function nodeAt(schema: KindSchema, path: readonly string[]): SchemaNode | undefined {
  let here = resolved(schema, schema.root);
  for (const step of path) {
    const next = step === '-' ? here.items : fieldOf(here, step);
    if (!next) return undefined;
    here = resolved(schema, next);
  }
  return here;
}

function fieldOf(node: SchemaNode, name: string): SchemaNode | undefined {
  if (node.properties && Object.hasOwn(node.properties, name)) return node.properties[name];
  return node.additional;
}

/** `[]Container`, `map of string`, `integer`: the type in a word. */
export function typeWords(schema: KindSchema, node: SchemaNode): string {
  const named = node.ref?.split('.').at(-1);
  const here = resolved(schema, node);
  if (here.type === 'array') return `list of ${here.items ? typeWords(schema, here.items) : 'anything'}`;
  if (here.additional) return `map of ${typeWords(schema, here.additional)}`;
  if (here.type === 'object' || here.properties) return named ?? 'object';
  return here.format !== undefined && here.type !== 'int-or-string'
    ? `${here.type ?? 'any'} (${here.format})`
    : (here.type ?? 'any');
}
