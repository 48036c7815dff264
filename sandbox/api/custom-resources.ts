import type { KubeObject } from '@krateyard/kube/meta/object';
import type { Logger } from '@krateyard/telemetry/logger';
import type { Clock } from '@krateyard/telemetry/clock';
import type { ObjectStore } from '../store/object-store.ts';
import type { Admission } from './admission.ts';
import { timestamp } from './api-server-context.ts';
import type { LocalClient } from './local-client.ts';
import {
  ALL_VERBS,
  type PrinterColumn,
  type ResourceDefinition,
  type ScalePaths,
} from './resource-definition.ts';
import type { ResourceRegistry } from './resource-registry.ts';
import type { SchemaSource } from './schema-source.ts';

const CRDS = { group: 'apiextensions.k8s.io', version: 'v1', resource: 'customresourcedefinitions' } as const;
/** Put on every definition: its objects go before it does. */
const CLEANUP = 'customresourcecleanup.apiextensions.k8s.io';
const AGE: PrinterColumn = { name: 'Age', type: 'date', jsonPath: '.metadata.creationTimestamp' };

interface CrdNames {
  readonly plural: string;
  readonly singular?: string;
  readonly kind: string;
  readonly listKind?: string;
  readonly shortNames?: readonly string[];
  readonly categories?: readonly string[];
}

interface CrdVersion {
  readonly name: string;
  readonly served: boolean;
  readonly storage: boolean;
  readonly schema?: { readonly openAPIV3Schema?: unknown };
  readonly subresources?: { readonly status?: object; readonly scale?: ScalePaths };
  readonly additionalPrinterColumns?: readonly PrinterColumn[];
  readonly selectableFields?: readonly { readonly jsonPath: string }[];
}

export interface CrdSpec {
  readonly group: string;
  readonly scope: 'Namespaced' | 'Cluster';
  readonly names: CrdNames;
  readonly versions: readonly CrdVersion[];
}

interface Condition {
  readonly type: string;
  readonly status: 'True' | 'False';
  readonly reason: string;
  readonly message: string;
  readonly lastTransitionTime: string;
}

/** From its creation on a definition waits for its objects when it is deleted. */
export const customDefinitionAdmission: Admission = ({ operation, definition, object }) => {
  if (operation !== 'CREATE' || !object || definition.resource !== CRDS.resource) return;
  object.metadata.finalizers = [...(object.metadata.finalizers ?? []), CLEANUP];
};

/** What a CustomResourceDefinition serves. */
function customDefinitions(crd: KubeObject, schemas: SchemaSource): ResourceDefinition[] {
  const spec = crd['spec'] as CrdSpec;
  const storage = spec.versions.find((version) => version.storage) ?? spec.versions[0]!;
  return spec.versions
    .filter(({ served }) => served)
    .map((version) => define(crd, spec, version, storage.name, schemas));
}

function define(
  crd: KubeObject,
  spec: CrdSpec,
  version: CrdVersion,
  storageVersion: string,
  schemas: SchemaSource,
): ResourceDefinition {
  const { group, names } = spec;
  const { status, scale } = version.subresources ?? {};
  const as =
    (to: string) =>
    (object: KubeObject): KubeObject => ({ ...object, apiVersion: `${group}/${to}` });
  const columns = version.additionalPrinterColumns ?? [AGE];
  return {
    group,
    version: version.name,
    resource: names.plural,
    kind: names.kind,
    singular: names.singular ?? names.kind.toLowerCase(),
    namespaced: spec.scope === 'Namespaced',
    shortNames: names.shortNames ?? [],
    categories: names.categories ?? [],
    verbs: ALL_VERBS,
    subresources: [
      ...(scale
        ? [{ name: 'scale', kind: 'Scale', group: 'autoscaling', version: 'v1', verbs: PART_VERBS }]
        : []),
      ...(status ? [{ name: 'status', kind: names.kind, verbs: PART_VERBS }] : []),
    ],
    storageKey: `${names.plural}.${group}`,
    selectableFields: (version.selectableFields ?? []).map(({ jsonPath }) => jsonPath.replace(/^\./, '')),
    hasGeneration: true,
    hasStatus: status !== undefined,
    schema: schemas.custom(crd, version.name),
    ...(version.name !== storageVersion && {
      conversion: { toStorage: as(storageVersion), fromStorage: as(version.name) },
    }),
    custom: {
      crdName: crd.metadata.name ?? '',
      columns,
      ...(scale && { scale }),
      openApiSchema: version.schema?.openAPIV3Schema,
    },
  };
}

const PART_VERBS = ['get', 'patch', 'update'] as const;

export interface CustomResourcesOptions {
  readonly client: LocalClient;
  readonly registry: ResourceRegistry;
  readonly store: ObjectStore;
  readonly schemas: SchemaSource;
  readonly clock: Clock;
  readonly logger: Logger;
}

/** Serves what CustomResourceDefinitions define and tells so in their status, until the signal aborts. */
export function serveCustomResources(options: CustomResourcesOptions, signal: AbortSignal): void {
  const controller = new CustomResources(options);
  const onEvent = ({ type, object }: { type: string; object: KubeObject }): void => {
    if (type === 'DELETED') controller.withdraw(object);
    else controller.serve(object);
  };
  options.client.watch(CRDS, onEvent, signal);
}

class CustomResources {
  readonly #options: CustomResourcesOptions;

  constructor(options: CustomResourcesOptions) {
    this.#options = options;
  }

  serve(crd: KubeObject): void {
    const { registry, schemas } = this.#options;
    const name = crd.metadata.name ?? '';
    if (crd.metadata.deletionTimestamp !== undefined) {
      void this.#settle(this.#empty(crd));
      return;
    }
    const conflictOf = this.#nameConflict(crd);
    if (conflictOf === undefined) registry.setCustom(name, customDefinitions(crd, schemas));
    void this.#settle(this.#report(crd, conflictOf));
  }

  withdraw(crd: KubeObject): void {
    this.#options.registry.setCustom(crd.metadata.name ?? '', []);
  }

  /** Another resource of the group that has the kind already. */
  #nameConflict(crd: KubeObject): string | undefined {
    const { group, names } = crd['spec'] as CrdSpec;
    return this.#options.registry.all.find(
      (known) =>
        known.group === group &&
        known.custom?.crdName !== crd.metadata.name &&
        (known.kind === names.kind || known.resource === names.plural),
    )?.kind;
  }

  async #report(crd: KubeObject, conflictOf: string | undefined): Promise<void> {
    const { client } = this.#options;
    const spec = crd['spec'] as CrdSpec;
    const now = timestamp(this.#options.clock);
    const old = (crd['status'] ?? {}) as { conditions?: Condition[]; storedVersions?: string[] };
    const wanted = conflictOf === undefined ? ACCEPTED : refused(conflictOf);
    const conditions = wanted.map((one) => {
      const same = old.conditions?.find(({ type, status }) => type === one.type && status === one.status);
      return { ...one, lastTransitionTime: same?.lastTransitionTime ?? now };
    });
    const storage = spec.versions.find((version) => version.storage)?.name;
    const storedVersions = [
      ...new Set([...(old.storedVersions ?? []), ...(storage === undefined ? [] : [storage])]),
    ];
    const { names } = spec;
    const acceptedNames = {
      singular: names.kind.toLowerCase(),
      listKind: `${names.kind}List`,
      ...names,
    };
    const status = { conditions, acceptedNames, storedVersions };
    await client.patch(CRDS, crd.metadata.name ?? '', undefined, { status }, 'status');
  }

  /** Deletes the objects, then lets the definition go. */
  async #empty(crd: KubeObject): Promise<void> {
    const { client, registry, store } = this.#options;
    const finalizers = crd.metadata.finalizers ?? [];
    if (!finalizers.includes(CLEANUP)) return;
    const spec = crd['spec'] as CrdSpec;
    const served = registry.anyVersion(spec.group, spec.names.plural);
    const collection = store.collection(`${spec.names.plural}.${spec.group}`);
    if (served !== undefined && served.custom?.crdName === crd.metadata.name)
      for (const { object } of collection.list())
        await client.delete(served, object.metadata.name ?? '', object.metadata.namespace).catch(() => {});
    if (collection.size > 0) {
      this.#waitUntilEmpty(crd);
      return;
    }
    const left = finalizers.filter((name) => name !== CLEANUP);
    await client.patch(CRDS, crd.metadata.name ?? '', undefined, { metadata: { finalizers: left } });
  }

  /** Objects with finalizers of their own take as long as they take. */
  #waitUntilEmpty(crd: KubeObject): void {
    const spec = crd['spec'] as CrdSpec;
    const collection = this.#options.store.collection(`${spec.names.plural}.${spec.group}`);
    const stop = collection.onChange(() => {
      if (collection.size > 0) return;
      stop();
      void this.#settle(this.#empty(crd));
    });
  }

  /** A definition that changed or went meanwhile comes back with its next event. */
  async #settle(work: Promise<void>): Promise<void> {
    try {
      await work;
    } catch (err) {
      this.#options.logger.debug('a custom resource definition changed meanwhile', { err });
    }
  }
}

const ACCEPTED: readonly Omit<Condition, 'lastTransitionTime'>[] = [
  { type: 'NamesAccepted', status: 'True', reason: 'NoConflicts', message: 'no conflicts found' },
  {
    type: 'Established',
    status: 'True',
    reason: 'InitialNamesAccepted',
    message: 'the initial names have been accepted',
  },
];

const refused = (kind: string): readonly Omit<Condition, 'lastTransitionTime'>[] => [
  {
    type: 'NamesAccepted',
    status: 'False',
    reason: 'KindConflict',
    message: `${JSON.stringify(kind)} is already in use`,
  },
  { type: 'Established', status: 'False', reason: 'NotAccepted', message: 'not all names are accepted' },
];
