import type { KubeObject } from '@krateyard/kube/meta/object';
import type { LocalClient } from '../api/local-client.ts';
import { fraction } from '../life/hash.ts';
import { RESOURCES } from '../life/resources.ts';
import { resourceOf } from './scene-writer.ts';

const DAY_MS = 86_400_000;
/** The demo's company set its cluster up this long ago. */
const FOUNDED_DAYS = 143;
/** What a company changes is some days old at least. */
const NEWEST_DAYS = 2;
/** Made when the cluster was. */
const FROM_THE_START: ReadonlySet<string> = new Set(['Node', 'Namespace', 'CustomResourceDefinition']);
/** Controllers and people make these all the time. */
const ALWAYS_NEW: ReadonlySet<string> = new Set(['Pod', 'Job']);

/**
 * Gives objects that were just written the age that they would have in a cluster that has been in use: the same one for the
 * same name. Pods stay new, as after a night in which all nodes were updated.
 */
export async function backdate(
  client: LocalClient,
  objects: readonly KubeObject[],
  nowMs: number,
): Promise<void> {
  const namespaces = await client.list(RESOURCES.namespaces);
  for (const { metadata } of namespaces.items) {
    await backdateOne(client, { kind: 'Namespace', apiVersion: 'v1', metadata }, nowMs);
  }
  for (const object of objects) {
    if (!ALWAYS_NEW.has(object.kind ?? '')) await backdateOne(client, object, nowMs);
  }
}

async function backdateOne(client: LocalClient, object: KubeObject, nowMs: number): Promise<void> {
  const gvr = resourceOf(object);
  const { name = '', namespace } = object.metadata;
  const live = await client.get(gvr, name, namespace);
  const createdAt = new Date(nowMs - ageMs(object.kind ?? '', `${namespace}/${name}`)).toISOString();
  client.seed(gvr, {
    ...live,
    metadata: { ...live.metadata, creationTimestamp: createdAt.replace(/\.\d+Z$/, 'Z') },
  });
}

function ageMs(kind: string, key: string): number {
  if (FROM_THE_START.has(kind)) return FOUNDED_DAYS * DAY_MS;
  return (NEWEST_DAYS + fraction(`${kind} ${key}`) * (FOUNDED_DAYS - NEWEST_DAYS)) * DAY_MS;
}
