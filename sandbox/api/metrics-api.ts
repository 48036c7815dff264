import type { KubeObject } from '@krateyard/kube/meta/object';
import type { MetricsSource } from '../life/metrics-source.ts';
import { methodNotAllowed, notFound } from './api-errors.ts';
import type { ApiServerContext } from './api-server-context.ts';
import { sendJson } from './http-answer.ts';
import { readListRequest } from './list-options.ts';
import { listObjects } from './object-lister.ts';
import type { VirtualResource } from './request-pipeline.ts';
import type { ResourceCall } from './resource-endpoints.ts';
import type { ResourceDefinition } from './resource-definition.ts';
import { schemaless } from './schemaless.ts';

const GROUP = 'metrics.k8s.io';
const VERSION = 'v1beta1';

/** `metrics.k8s.io`: the resources as discovery shows them. */
export const METRICS_RESOURCES: readonly ResourceDefinition[] = [
  metricsDefinition('nodes', 'NodeMetrics', false),
  metricsDefinition('pods', 'PodMetrics', true),
];

function metricsDefinition(resource: string, kind: string, namespaced: boolean): ResourceDefinition {
  return {
    group: GROUP,
    version: VERSION,
    resource,
    kind,
    singular: '',
    namespaced,
    shortNames: [],
    categories: [],
    verbs: ['get', 'list'],
    subresources: [],
    storageKey: `${resource}.${GROUP}`,
    selectableFields: [],
    hasGeneration: false,
    hasStatus: false,
    schema: schemaless,
  };
}

/** Answers for usage of nodes and pods, by asking the source about each object that there is. */
export function metricsEndpoints(
  context: ApiServerContext,
  source: MetricsSource,
): Map<string, VirtualResource> {
  return new Map([
    [`nodes.${GROUP}`, endpoint(context, 'nodes', (node) => nodeMetrics(source, node))],
    [`pods.${GROUP}`, endpoint(context, 'pods', (pod) => podMetrics(source, pod))],
  ]);
}

function endpoint(
  context: ApiServerContext,
  resource: string,
  metricsOf: (object: KubeObject) => object | undefined,
): VirtualResource {
  return (call) => {
    if (call.info.verb === 'get') sendOne(context, call, resource, metricsOf);
    else if (call.info.verb === 'list') sendAll(context, call, resource, metricsOf);
    else throw methodNotAllowed();
    return Promise.resolve();
  };
}

function sendOne(
  context: ApiServerContext,
  { request, response, target, definition }: ResourceCall,
  resource: string,
  metricsOf: (object: KubeObject) => object | undefined,
): void {
  const name = target.name ?? '';
  const key = target.namespace === '' ? name : `${target.namespace}/${name}`;
  const stored = context.store.collection(resource).get(key);
  const metrics = stored && metricsOf(stored.object);
  if (!metrics) throw notFound(definition, key);
  sendJson(request, response, 200, { kind: definition.kind, apiVersion: `${GROUP}/${VERSION}`, ...metrics });
}

function sendAll(
  context: ApiServerContext,
  { request, response, target, info, definition }: ResourceCall,
  resource: string,
  metricsOf: (object: KubeObject) => object | undefined,
): void {
  const objects = context.registry.byResource({ group: '', version: 'v1', resource })!;
  const listed = readListRequest(objects, target.namespace === '' ? undefined : target.namespace, info.query);
  const { items } = listObjects(context, objects, listed);
  sendJson(request, response, 200, {
    kind: `${definition.kind}List`,
    apiVersion: `${GROUP}/${VERSION}`,
    metadata: {},
    items: items.map(({ object }) => metricsOf(object)).filter((metrics) => metrics !== undefined),
  });
}

function nodeMetrics(source: MetricsSource, { metadata }: KubeObject): object | undefined {
  const sample = source.node(metadata.name ?? '');
  if (!sample) return undefined;
  const { timestamp, window, cpu, memory } = sample;
  return { metadata: metadataOf(metadata, timestamp), timestamp, window, usage: usage(cpu, memory) };
}

function podMetrics(source: MetricsSource, { metadata }: KubeObject): object | undefined {
  const sample = source.pod(metadata.namespace ?? '', metadata.name ?? '');
  if (!sample) return undefined;
  const { timestamp, window } = sample;
  const containers = sample.containers.map(({ name, cpu, memory }) => ({ name, usage: usage(cpu, memory) }));
  return { metadata: metadataOf(metadata, timestamp), timestamp, window, containers };
}

function metadataOf({ name, namespace, labels }: KubeObject['metadata'], creationTimestamp: string): object {
  return {
    name,
    ...(namespace !== undefined && { namespace }),
    creationTimestamp,
    ...(labels && { labels }),
  };
}

const usage = (cpu: number, memory: number) => ({
  cpu: `${Math.round(cpu)}n`,
  memory: `${Math.round(memory / 1024)}Ki`,
});
