import type { Client } from '@krateyard/kube/client/client';
import { SHORT_KINDS } from '@krateyard/workspace/contract/kind-path';

const LABEL = { 'krateyard.example/load': 'lists' };
const NAMESPACES = 20;
const CONCURRENT = 16;

/** Pods that a real cluster keeps and never starts, as their scheduling is gated: load without a kubelet. Resolves to what takes them away. */
export async function createGatedPods(client: Client, count: number): Promise<() => Promise<void>> {
  const names = Array.from({ length: NAMESPACES }, (_, index) => `krateyard-load-${index}`);
  const remove = async (): Promise<void> => {
    for (const name of names) await client.delete(SHORT_KINDS.namespaces, name).catch(() => undefined);
  };
  try {
    await fill(client, names, count);
  } catch (error) {
    await remove();
    throw error;
  }
  return remove;
}

async function fill(client: Client, names: readonly string[], count: number): Promise<void> {
  for (const name of names) {
    await client.create(SHORT_KINDS.namespaces, {
      apiVersion: 'v1',
      kind: 'Namespace',
      metadata: { name, labels: LABEL },
    });
  }
  for (const name of names) await waitForAccount(client, name);
  let next = 0;
  const create = async (): Promise<void> => {
    for (let index = next++; index < count; index = next++)
      await createGatedPod(client, names[index % NAMESPACES]!, index);
  };
  await Promise.all(Array.from({ length: CONCURRENT }, create));
}

/** One of them. */
export async function createGatedPod(client: Client, namespace: string, index: number): Promise<void> {
  const name = `web-${String(index).padStart(6, '0')}`;
  await client.create(SHORT_KINDS.pods, {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name, namespace, labels: { ...LABEL, app: 'web', batch: String(index % 10) } },
    spec: {
      schedulingGates: [{ name: 'krateyard.example/never' }],
      automountServiceAccountToken: false,
      containers: [
        {
          name: 'web',
          image: 'registry.example/web:1.0',
          resources: { requests: { cpu: '10m', memory: '16Mi' } },
          env: [{ name: 'INDEX', value: String(index) }],
          ports: [{ containerPort: 8080 }],
        },
      ],
    },
  });
}

/** The ServiceAccount admission wants it to be there. */
async function waitForAccount(client: Client, namespace: string): Promise<void> {
  const accounts = { group: '', version: 'v1', resource: 'serviceaccounts' };
  for (let attempt = 0; attempt < 100; attempt += 1) {
    const found = await client.get(accounts, 'default', namespace).catch(() => undefined);
    if (found) return;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}
