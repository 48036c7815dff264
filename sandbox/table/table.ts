import type { KubeObject } from '@krateyard/kube/meta/object';

import type { ResourceDefinition } from '../api/resource-definition.ts';
import { CLUSTER_PRINTERS } from './cluster-printers.ts';
import { customPrinter, plainPrinter } from './custom-printer.ts';
import { NETWORK_PRINTERS } from './network-printers.ts';
import { podPrinter } from './pod-printer.ts';
import type { Cell, Printer, TableColumn } from './printer.ts';
import { STORAGE_PRINTERS } from './storage-printers.ts';
import { WORKLOAD_PRINTERS } from './workload-printers.ts';

/** The part of a `meta.k8s.io/v1` Table that depends on the kind; metadata and what of the objects goes along is the caller's. */
export interface PrintedTable {
  readonly columnDefinitions: readonly TableColumn[];
  /** One row an object, in their order. */
  readonly rows: readonly { readonly cells: readonly Cell[] }[];
}

const PRINTERS: Readonly<Record<string, Printer>> = {
  '/Pod': podPrinter,
  ...WORKLOAD_PRINTERS,
  ...NETWORK_PRINTERS,
  ...STORAGE_PRINTERS,
  ...CLUSTER_PRINTERS,
};

/**
 * Prints objects as the API server prints them for `kubectl get`: all columns, those of wide output with priority 1.
 * Ages are counted to `nowMs` (Unix time in ms).
 */
export function tableFor(
  definition: Pick<ResourceDefinition, 'group' | 'kind' | 'custom'>,
  objects: readonly KubeObject[],
  nowMs: number,
): PrintedTable {
  const printer = definition.custom
    ? customPrinter(definition.custom.columns)
    : (PRINTERS[`${definition.group}/${definition.kind}`] ?? plainPrinter);
  return {
    columnDefinitions: printer.columns,
    rows: objects.map((object) => ({ cells: printer.cells(object, nowMs) })),
  };
}
