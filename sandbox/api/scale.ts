import type { LabelSelector } from '@krateyard/kube/meta/label-selector';
import { formatLabelSelector, requirementsOf } from '@krateyard/kube/meta/label-selector';
import type { KubeObject } from '@krateyard/kube/meta/object';
import { cloneJson } from '../store/json-value.ts';
import { invalid, modified, noSuchResource } from './api-errors.ts';
import type { ResourceDefinition, ScalePaths } from './resource-definition.ts';

const WORKLOAD_PATHS: ScalePaths = {
  specReplicasPath: '.spec.replicas',
  statusReplicasPath: '.status.replicas',
  labelSelectorPath: '.spec.selector',
};

/** `autoscaling/v1 Scale`: how many replicas of an object are wanted and there. */
export function scaleOf(definition: ResourceDefinition, object: KubeObject): KubeObject {
  const paths = pathsOf(definition);
  const { name, namespace, uid, resourceVersion, creationTimestamp } = object.metadata;
  const selector =
    paths.labelSelectorPath === undefined ? undefined : valueAt(object, paths.labelSelectorPath);
  return {
    kind: 'Scale',
    apiVersion: 'autoscaling/v1',
    metadata: { name, namespace, uid, resourceVersion, creationTimestamp } as KubeObject['metadata'],
    spec: { replicas: numberOr(valueAt(object, paths.specReplicasPath), 0) },
    status: {
      replicas: numberOr(valueAt(object, paths.statusReplicasPath), 0),
      ...(selector !== undefined && { selector: selectorText(selector) }),
    },
  };
}

/** The object with the replicas of a Scale. */
export function scaledObject(
  definition: ResourceDefinition,
  object: KubeObject,
  scale: KubeObject,
): KubeObject {
  const { replicas = 0 } = (scale['spec'] ?? {}) as { replicas?: unknown };
  const name = object.metadata.name ?? '';
  if (typeof replicas !== 'number' || !Number.isSafeInteger(replicas) || replicas < 0)
    throw invalid({ kind: 'Scale', group: 'autoscaling' }, name, [
      {
        field: 'spec.replicas',
        reason: 'FieldValueInvalid',
        message: `Invalid value: ${JSON.stringify(replicas)}: must be greater than or equal to 0`,
      },
    ]);
  const { resourceVersion = '' } = scale.metadata;
  if (resourceVersion !== '' && resourceVersion !== object.metadata.resourceVersion)
    throw modified(definition, name);
  const scaled = cloneJson(object);
  setAt(scaled, pathsOf(definition).specReplicasPath, replicas);
  return scaled;
}

function pathsOf(definition: ResourceDefinition): ScalePaths {
  if (!definition.subresources.some(({ name }) => name === 'scale')) throw noSuchResource();
  return definition.custom?.scale ?? WORKLOAD_PATHS;
}

function selectorText(selector: unknown): string {
  if (typeof selector === 'string') return selector;
  const plain = selector as LabelSelector & Record<string, string>;
  const structured = plain.matchLabels || plain.matchExpressions ? plain : { matchLabels: plain };
  return formatLabelSelector(requirementsOf(structured) ?? []);
}

function valueAt(object: KubeObject, path: string): unknown {
  let at: unknown = object;
  for (const part of path.split('.').slice(1)) at = (at as Record<string, unknown> | undefined)?.[part];
  return at;
}

function setAt(object: KubeObject, path: string, value: unknown): void {
  const parts = path.split('.').slice(1);
  let at: Record<string, unknown> = object;
  for (const part of parts.slice(0, -1)) at = (at[part] ??= {}) as Record<string, unknown>;
  at[parts.at(-1)!] = value;
}

const numberOr = (value: unknown, otherwise: number): number =>
  typeof value === 'number' ? value : otherwise;
