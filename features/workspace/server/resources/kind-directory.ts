import type { Cache } from '@krateyard/kube/cache/cache';
import type { ResourceKind, ResourceKinds } from '@krateyard/kube/discovery/resource-kinds';
import { formatGvr } from '@krateyard/kube/meta/group-version';
import type { KubeObject } from '@krateyard/kube/meta/object';
import { StatusError } from '@krateyard/status/status-error';
import type { Column } from '../../contract/column.ts';
import { columnsOf, hasBuiltInColumns, type PrinterColumn } from '../../contract/columns.ts';
import { formatKindPath, parseKindPath, SHORT_KINDS } from '../../contract/kind-path.ts';
import type { KindRef } from '../../contract/resource-api.ts';

interface CustomResourceDefinition extends KubeObject {
  spec?: { versions?: { name?: string; additionalPrinterColumns?: PrinterColumn[] }[] };
}

/** A CRD that cannot be read by then gives the columns that every kind has. */
const COLUMNS_DEADLINE_MS = 3000;

/** From the paths of the room's API to kinds and their columns. */
export class KindDirectory {
  readonly #kinds: ResourceKinds;
  readonly #cache: Cache;

  constructor(deps: { kinds: ResourceKinds; cache: Cache }) {
    this.#kinds = deps.kinds;
    this.#cache = deps.cache;
  }

  /** Throws StatusError NotFound, in kubectl's words, for what the cluster does not serve. */
  async resolve(path: string, signal?: AbortSignal): Promise<ResourceKind> {
    const gvr = parseKindPath(path);
    const kind = await this.#kinds.find(gvr ? formatGvr(gvr) : path, signal);
    if (kind) return kind;
    throw new StatusError('NotFound', `the server doesn't have a resource type "${path}"`, {
      details: { kind: path },
    });
  }

  async columns(kind: ResourceKind): Promise<readonly Column[]> {
    if (hasBuiltInColumns(kind) || !kind.group.includes('.')) return columnsOf(kind);
    return columnsOf(kind, await this.#printerColumns(kind).catch(() => []));
  }

  /** Calls back whenever the columns that a CRD declares for the kind may have changed; built-in kinds never do. */
  followColumns(kind: ResourceKind, onChange: (columns: readonly Column[]) => void): () => void {
    if (hasBuiltInColumns(kind) || !kind.group.includes('.')) return () => {};
    const lease = this.#cache.lease<CustomResourceDefinition>(SHORT_KINDS.crds);
    const name = `${kind.resource}.${kind.group}`;
    const stop = lease.collection.observe({
      onChanges: (changes) => {
        const change = changes.findLast(({ key }) => key === name);
        if (change) onChange(columnsOf(kind, declaredColumns(kind, change.object)));
      },
    });
    return () => {
      stop();
      lease[Symbol.dispose]();
    };
  }

  async #printerColumns(kind: ResourceKind): Promise<readonly PrinterColumn[]> {
    using lease = this.#cache.lease<CustomResourceDefinition>(SHORT_KINDS.crds);
    await lease.collection.synced(AbortSignal.timeout(COLUMNS_DEADLINE_MS));
    const crd = lease.collection.get(`${kind.resource}.${kind.group}`);
    return declaredColumns(kind, crd);
  }
}

function declaredColumns(
  kind: ResourceKind,
  crd: CustomResourceDefinition | undefined,
): readonly PrinterColumn[] {
  return crd?.spec?.versions?.find(({ name }) => name === kind.version)?.additionalPrinterColumns ?? [];
}

export function kindRef(kind: ResourceKind): KindRef {
  const { group, version, resource, namespaced } = kind;
  return { path: formatKindPath(kind), group, version, resource, kind: kind.kind, namespaced };
}
