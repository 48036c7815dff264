import type { GroupVersionKind } from '@krateyard/kube/meta/group-version';

import type { PackedFacts, PackedNode, PackedType } from './packed-facts.ts';
import type { SchemaNode } from './schema-node.ts';
import { FACTS } from './builtin.gen.ts';

type Writable<T> = { -readonly [K in keyof T]: T[K] };

const SCALARS: Record<string, SchemaNode> = {
  s: { type: 'string' },
  y: { type: 'string', format: 'byte' },
  t: { type: 'string', format: 'date-time' },
  i: { type: 'integer', format: 'int32' },
  l: { type: 'integer', format: 'int64' },
  n: { type: 'number', format: 'double' },
  b: { type: 'boolean' },
  q: { quantity: true, name: 'io.k8s.apimachinery.pkg.api.resource.Quantity' },
  x: { intOrString: true, format: 'int-or-string' },
  o: { type: 'object', preserveUnknown: true, mapType: 'atomic' },
  '*': { preserveUnknown: true, mapType: 'atomic' },
};

/** Kinds of the metrics API, which the API server that the facts come from does not serve. */
function metricsTypes(meta: number): PackedType[] {
  const usage: PackedNode = { v: 'q' };
  const group = 'io.k8s.metrics.pkg.apis.metrics.v1beta1.';
  const head = { apiVersion: 's', kind: 's', metadata: -meta, timestamp: 't', window: 's' };
  return [
    {
      n: `${group}NodeMetrics`,
      k: [['metrics.k8s.io', 'v1beta1', 'NodeMetrics']],
      f: { ...head, usage },
      r: ['timestamp', 'window', 'usage'],
    },
    {
      n: `${group}PodMetrics`,
      k: [['metrics.k8s.io', 'v1beta1', 'PodMetrics']],
      f: { ...head, containers: { a: { v: '*' } } },
      r: ['timestamp', 'window', 'containers'],
    },
  ];
}

/** The types of Kubernetes 1.34, unpacked on first use, one type at a time. */
class BuiltinFacts {
  readonly #types: PackedType[];
  readonly #nodes: (SchemaNode | undefined)[] = [];
  readonly #byName: Map<string, number>;
  readonly #byKind = new Map<string, number>();

  constructor() {
    const { types } = JSON.parse(FACTS) as PackedFacts;
    const meta = types.findIndex((type) => type.n.endsWith('.ObjectMeta'));
    this.#types = [...types, ...metricsTypes(meta + 1)];
    this.#byName = new Map(this.#types.map((type, index) => [type.n, index]));
    for (const [index, type] of this.#types.entries())
      for (const gvk of type.k ?? []) this.#byKind.set(gvk.join('/'), index);
  }

  names(): string[] {
    return [...this.#byName.keys()];
  }

  named(name: string): SchemaNode | undefined {
    const index = this.#byName.get(name);
    return index === undefined ? undefined : this.#node(index);
  }

  ofKind({ group, version, kind }: GroupVersionKind): SchemaNode | undefined {
    const index = this.#byKind.get(`${group}/${version}/${kind}`);
    return index === undefined ? undefined : this.#node(index);
  }

  kindsOf(name: string): GroupVersionKind[] {
    const type = this.#types[this.#byName.get(name) ?? -1];
    return (type?.k ?? []).map(([group, version, kind]) => ({ group, version, kind }));
  }

  #node(index: number): SchemaNode {
    const known = this.#nodes[index];
    if (known) return known;
    const packed = this.#types[index]!;
    const node: Writable<SchemaNode> = packed.f
      ? { name: packed.n }
      : { ...this.#unpack(packed.s!), name: packed.n };
    this.#nodes[index] = node;
    if (packed.f) Object.assign(node, this.#fieldsOf(packed, packed.f));
    return node;
  }

  #fieldsOf(packed: PackedType, fields: Record<string, PackedNode>): SchemaNode {
    const unpacked: Record<string, SchemaNode> = {};
    for (const [key, field] of Object.entries(fields)) {
      // Types refer to each other in circles: a field's type is unpacked when it is looked at.
      Object.defineProperty(unpacked, key, {
        enumerable: true,
        configurable: true,
        get: () => {
          const value = this.#unpack(field);
          Object.defineProperty(unpacked, key, { enumerable: true, value });
          return value;
        },
      });
    }
    return {
      type: 'object',
      fields: unpacked,
      ...(packed.r && { required: packed.r }),
      ...(packed.m !== undefined && { mapType: packed.m as 'atomic' }),
    };
  }

  #unpack(packed: PackedNode): SchemaNode {
    if (typeof packed === 'number')
      return packed > 0 ? this.#node(packed - 1) : { ...this.#node(-packed - 1), inline: true };
    if (typeof packed === 'string') return SCALARS[packed]!;
    const core: SchemaNode =
      packed.a !== undefined
        ? { type: 'array', items: this.#unpack(packed.a) }
        : packed.v !== undefined
          ? { type: 'object', values: this.#unpack(packed.v) }
          : this.#unpack(packed.t!);
    return {
      ...core,
      ...(packed.l !== undefined && { listType: packed.l as 'map' }),
      ...(packed.k && { listKeys: packed.k }),
      ...(packed.m !== undefined && { mapType: packed.m as 'atomic' }),
      ...(packed.p !== undefined && { patchStrategy: packed.p }),
      ...(packed.g !== undefined && { patchMergeKey: packed.g }),
      ...(packed.e && { enum: packed.e }),
      ...(packed.d !== undefined && { default: packed.d }),
    };
  }
}

let facts: BuiltinFacts | undefined;

/** Parses the packed facts on first use (some 90 KB). */
export function builtinFacts(): BuiltinFacts {
  facts ??= new BuiltinFacts();
  return facts;
}

export function objectMetaNode(): SchemaNode {
  return builtinFacts().named('io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta')!;
}
