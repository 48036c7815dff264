import {
  autocompletion,
  type Completion,
  type CompletionContext,
  type CompletionResult,
} from '@codemirror/autocomplete';
import type { Extension, Text } from '@codemirror/state';
import { hoverTooltip, type EditorView } from '@codemirror/view';
import type { KindSchema, SchemaNode } from '../../../contract/kind-schema.ts';
import { nodeAt, resolved, typeWords } from './schema-walk.ts';
import { pathOfLine, placeIn, type Lines } from './yaml-place.ts';
import { yamlStrings as strings } from './yaml-strings.ts';

/** The schema of the document that a line is in; undefined while it is not known. */
export type SchemaSource = (line: number) => KindSchema | undefined;

/** Completion of fields and values, and what a field is on hover, from the API server's schema. */
export function schemaSupport(schemaAt: SchemaSource): Extension {
  return [
    autocompletion({ override: [(context) => completions(context, schemaAt)], icons: false }),
    hoverTooltip((view, position) => explain(view, position, schemaAt)),
  ];
}

const linesOf = (doc: Text): Lines => ({ count: doc.lines, line: (number) => doc.line(number).text });

function completions(context: CompletionContext, schemaAt: SchemaSource): CompletionResult | null {
  const line = context.state.doc.lineAt(context.pos);
  const schema = schemaAt(line.number);
  if (!schema || line.text.length > LONGEST_LINE) return null;
  const place = placeIn(linesOf(context.state.doc), line.number, context.pos - line.from);
  if (!context.explicit && place.typed === '' && place.at === 'key') return null;
  const node = nodeAt(schema, place.path);
  if (!node) return null;
  const indent = ' '.repeat(place.from);
  const options =
    place.at === 'value' ? valueOptions(node) : fieldOptions(schema, node, place.siblings, indent);
  if (options.length === 0) return null;
  return { from: line.from + place.from, options, validFor: /^[\w./-]*$/ };
}

/** A value of a ConfigMap may be a megabyte in one line: nothing is completed in there. */
const LONGEST_LINE = 2000;

function fieldOptions(
  schema: KindSchema,
  node: SchemaNode,
  siblings: ReadonlySet<string>,
  indent: string,
): readonly Completion[] {
  const required = new Set(node.required);
  return Object.entries(node.properties ?? {})
    .filter(([name]) => !siblings.has(name))
    .map(([name, field]) => {
      const own = resolved(schema, field);
      return {
        label: name,
        detail: typeWords(schema, field) + (required.has(name) ? `, ${strings.required}` : ''),
        apply: name + openingOf(own, indent),
        boost: required.has(name) ? 10 : 0,
        type: 'property',
        info: () => documentation(schema, name, field, required.has(name)),
      };
    });
}

/** What follows a field's name so that one can go on typing. */
function openingOf(node: SchemaNode, indent: string): string {
  if (node.type === 'array') return `:\n${indent}  - `;
  if (node.type === 'object' || node.properties || node.additional) return `:\n${indent}  `;
  return ': ';
}

function valueOptions(node: SchemaNode): readonly Completion[] {
  const values = node.values ?? (node.type === 'boolean' ? [true, false] : []);
  return values.map((value) => ({
    label: value === null ? 'null' : String(value),
    type: 'constant',
    ...(node.standard === value && { detail: strings.byDefault }),
  }));
}

function explain(
  view: EditorView,
  position: number,
  schemaAt: SchemaSource,
): ReturnType<Parameters<typeof hoverTooltip>[0]> {
  const line = view.state.doc.lineAt(position);
  const schema = schemaAt(line.number);
  if (!schema || line.text.length > LONGEST_LINE) return null;
  const path = pathOfLine(linesOf(view.state.doc), line.number);
  const name = path?.at(-1);
  const node = path && nodeAt(schema, path);
  if (!path || name === undefined || !node) return null;
  const at = line.text.indexOf(name);
  if (at === -1 || position < line.from + at || position > line.from + at + name.length) return null;
  const parent = nodeAt(schema, path.slice(0, -1));
  const required = parent?.required?.includes(name) ?? false;
  return {
    pos: line.from + at,
    end: line.from + at + name.length,
    above: true,
    create: () => ({ dom: documentation(schema, name, node, required) }),
  };
}

/** Built from texts alone: nothing of the cluster is ever read as markup. */
function documentation(schema: KindSchema, name: string, field: SchemaNode, required: boolean): HTMLElement {
  const node = resolved(schema, field);
  const root = document.createElement('div');
  root.className = 'docs';
  const head = document.createElement('div');
  const title = document.createElement('b');
  title.textContent = name;
  head.append(title, ` ${typeWords(schema, field)}${required ? `, ${strings.required}` : ''}`);
  root.append(head);
  const lines = [
    node.description,
    node.values && `${strings.oneOf} ${node.values.map((value) => JSON.stringify(value)).join(', ')}`,
    node.standard !== undefined && `${strings.byDefault} ${JSON.stringify(node.standard)}`,
  ];
  for (const text of lines) {
    if (typeof text !== 'string' || text === '') continue;
    const line = document.createElement('p');
    line.textContent = text;
    root.append(line);
  }
  return root;
}
