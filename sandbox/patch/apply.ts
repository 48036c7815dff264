import type { KubeObject } from '@krateyard/kube/meta/object';

import type { SchemaNode } from '../schema/schema-node.ts';
import { applyMergePatch } from './merge-patch.ts';

export interface ManagedType {
  readonly node: SchemaNode;
  readonly apiVersion: string;
  readonly hasStatus: boolean;
}

export function applyConfiguration(
  _type: ManagedType,
  live: KubeObject | undefined,
  applied: KubeObject,
  _options: { manager: string; force: boolean; time: string; subresource?: string },
): KubeObject {
  return live ? applyMergePatch(live, applied) : structuredClone(applied);
}
