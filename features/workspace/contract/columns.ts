import type { KubeObject } from '@krateyard/kube/meta/object';
import { readJsonPath } from '@krateyard/kube/meta/json-path';
import type { CellValue, Column } from './column.ts';
import type { ColumnInfo, ColumnType } from './column-info.ts';
import {
  bindingColumns,
  crdColumns,
  eventColumns,
  leaseColumns,
  namespaceColumns,
  nodeColumns,
  serviceAccountColumns,
} from './columns/cluster.ts';
import {
  endpointSliceColumns,
  ingressColumns,
  networkPolicyColumns,
  serviceColumns,
} from './columns/network.ts';
import { podColumns } from './columns/pods.ts';
import { ageColumn, nameColumn, namespaceColumn } from './columns/read.ts';
import { guessStatus, tellsStatus } from './columns/guess-status.ts';
import {
  claimColumns,
  configMapColumns,
  secretColumns,
  storageClassColumns,
  volumeColumns,
} from './columns/storage.ts';
import {
  autoscalerColumns,
  cronJobColumns,
  daemonSetColumns,
  deploymentColumns,
  jobColumns,
  replicaSetColumns,
  statefulSetColumns,
} from './columns/workloads.ts';

/** By `group/resource`, whatever the version: what stands between name and age. */
const BUILT_IN: Readonly<Record<string, readonly Column[]>> = {
  '/pods': podColumns,
  '/services': serviceColumns,
  '/configmaps': configMapColumns,
  '/secrets': secretColumns,
  '/persistentvolumeclaims': claimColumns,
  '/persistentvolumes': volumeColumns,
  '/nodes': nodeColumns,
  '/namespaces': namespaceColumns,
  '/events': eventColumns,
  '/serviceaccounts': serviceAccountColumns,
  'events.k8s.io/events': eventColumns,
  'apps/deployments': deploymentColumns,
  'apps/statefulsets': statefulSetColumns,
  'apps/daemonsets': daemonSetColumns,
  'apps/replicasets': replicaSetColumns,
  'batch/jobs': jobColumns,
  'batch/cronjobs': cronJobColumns,
  'autoscaling/horizontalpodautoscalers': autoscalerColumns,
  'networking.k8s.io/ingresses': ingressColumns,
  'networking.k8s.io/networkpolicies': networkPolicyColumns,
  'discovery.k8s.io/endpointslices': endpointSliceColumns,
  'storage.k8s.io/storageclasses': storageClassColumns,
  'coordination.k8s.io/leases': leaseColumns,
  'rbac.authorization.k8s.io/rolebindings': bindingColumns,
  'rbac.authorization.k8s.io/clusterrolebindings': bindingColumns,
  'apiextensions.k8s.io/customresourcedefinitions': crdColumns,
};

/** Whether the kind's columns are known here; those of others stand in their CRD. */
export function hasBuiltInColumns(kind: { group: string; resource: string }): boolean {
  return Object.hasOwn(BUILT_IN, `${kind.group}/${kind.resource}`);
}

/** One entry of a CRD version's `additionalPrinterColumns`. */
export interface PrinterColumn {
  readonly name: string;
  readonly type: string;
  readonly jsonPath: string;
  readonly format?: string;
  readonly priority?: number;
  readonly description?: string;
}

/** Kinds whose columns stand as they are: they place name, namespace and age themselves. */
const WHOLE: ReadonlySet<readonly Column[]> = new Set([eventColumns]);

/**
 * Name, namespace where it has one, the kind's own columns, age; for events, whose name says nothing, their own order.
 * `printerColumns` are used for kinds that are not built in.
 */
export function columnsOf(
  kind: { group: string; resource: string; namespaced: boolean },
  printerColumns: readonly PrinterColumn[] = [],
): readonly Column[] {
  const own = BUILT_IN[`${kind.group}/${kind.resource}`] ?? fromPrinterColumns(printerColumns);
  if (WHOLE.has(own)) return own;
  return [nameColumn, ...(kind.namespaced ? [namespaceColumn] : []), ...own, ageColumn];
}

/** The readable form of columns that came over the wire. */
export function bindColumns(
  kind: { group: string; resource: string; namespaced: boolean },
  infos: readonly ColumnInfo[],
): readonly Column[] {
  const builtIn = new Map(columnsOf(kind).map((column) => [column.name, column]));
  return infos.map((info) =>
    info.jsonPath === undefined
      ? (builtIn.get(info.name) ?? { ...info, value: () => null })
      : bindPath(info, info.jsonPath),
  );
}

/** What a table of the kind is sorted by until it is told: what happened last, what is worst, else by name. */
export function defaultSort(kind: { group: string; resource: string }): string {
  const own = BUILT_IN[`${kind.group}/${kind.resource}`] ?? [];
  if (own === eventColumns) return '-last-seen';
  return own.find(({ type }) => type === 'status')?.name ?? 'name';
}

/** The wire form. */
export function columnInfo({ name, title, type, priority, lead, description, jsonPath }: Column): ColumnInfo {
  return {
    name,
    title,
    type,
    priority,
    ...(lead !== undefined && { lead }),
    ...(description !== undefined && { description }),
    ...(jsonPath !== undefined && { jsonPath }),
  };
}

function fromPrinterColumns(printerColumns: readonly PrinterColumn[]): readonly Column[] {
  const taken = new Set(['name', 'namespace', 'age']);
  const columns: Column[] = [];
  for (const printer of printerColumns) {
    const name = printer.name.toLowerCase().replaceAll(/[^a-z0-9]+/g, '-');
    if (taken.has(name)) continue;
    taken.add(name);
    columns.push(
      bindPath(
        {
          name,
          title: printer.name,
          type: typeOf(printer),
          priority: printer.priority ?? 0,
          ...(printer.description !== undefined && { description: printer.description }),
        },
        printer.jsonPath,
      ),
    );
  }
  return columns;
}

function typeOf(printer: PrinterColumn): ColumnType {
  if (printer.type === 'date') return 'date';
  if (printer.type === 'integer' || printer.type === 'number') return 'number';
  return printer.type === 'string' && tellsStatus(printer.name) ? 'status' : 'text';
}

function bindPath(info: ColumnInfo, jsonPath: string): Column {
  const read = readJsonPath(jsonPath);
  return { ...info, jsonPath, value: (object) => cellOf(info.type, read(object)) };
}

function cellOf(type: ColumnType, found: readonly unknown[]): CellValue {
  if (found.length === 0) return null;
  const first = found[0];
  if (type === 'date') {
    const time = typeof first === 'string' ? Date.parse(first) : Number.NaN;
    return Number.isNaN(time) ? null : time;
  }
  if (type === 'number' && typeof first === 'number') return first;
  const texts = found.filter((value) => value !== null && value !== undefined).map(plainText);
  if (texts.length === 0) return null;
  return type === 'status' ? guessStatus(texts.join(',')) : texts.join(',');
}

function plainText(value: unknown): string {
  return typeof value === 'object' ? JSON.stringify(value) : String(value as string | number | boolean);
}

/** All cells of an object, in column order. */
export function cellsOf(columns: readonly Column[], object: KubeObject): readonly CellValue[] {
  return columns.map((column) => column.value(object));
}
