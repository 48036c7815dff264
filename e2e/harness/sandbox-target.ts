import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createSandbox, type Sandbox } from '@krateyard/sandbox/sandbox';
import { freePort } from './free-port.ts';
import { readKubeconfig, type ClusterLogin } from './kubeconfig.ts';
import type { TargetOptions, TargetSource } from './target-source.ts';

/** A sandbox in this process, on a port of its own, with its kubeconfig in a temporary folder. */
export async function openSandboxTarget(
  options: TargetOptions,
): Promise<{ source: TargetSource; login: ClusterLogin }> {
  const sandbox = await createSandbox({
    port: await freePort(),
    scene: options.scene ?? 'none',
    ...(options.without && { without: options.without }),
    ...(options.historyLimit !== undefined && { historyLimit: options.historyLimit }),
  });
  for (const name of ['node-1', 'node-2']) await addNode(sandbox, name);
  const folder = await mkdtemp(path.join(tmpdir(), 'krateyard-sandbox-'));
  const kubeconfig = path.join(folder, 'kubeconfig');
  await writeFile(kubeconfig, sandbox.kubeconfig(), { mode: 0o600 });
  const source: TargetSource = {
    kind: 'sandbox',
    kubeconfig,
    restartApiServer: (downSeconds = 0) => sandbox.restartApiServer({ downMs: downSeconds * 1000 }),
    close: async () => {
      await sandbox.stop();
      await rm(folder, { recursive: true, force: true });
    },
  };
  return { source, login: readKubeconfig(kubeconfig) };
}

const NODES = { group: '', version: 'v1', resource: 'nodes' };

/** Registers a node as its kubelet would, unless the scene has made nodes: without one no pod ever runs. */
async function addNode(sandbox: Sandbox, name: string): Promise<void> {
  const { items } = await sandbox.client.list(NODES);
  if (items.some((node) => node.metadata.name === name || !node.metadata.name?.startsWith('node-'))) return;
  const capacity = { cpu: '4', memory: '8Gi', pods: '110', 'ephemeral-storage': '50Gi' };
  await sandbox.client.create(NODES, {
    apiVersion: 'v1',
    kind: 'Node',
    metadata: { name, labels: { 'kubernetes.io/hostname': name, 'kubernetes.io/os': 'linux' } },
    status: {
      capacity,
      allocatable: capacity,
      addresses: [
        { type: 'InternalIP', address: `192.0.2.${name.slice('node-'.length)}` },
        { type: 'Hostname', address: name },
      ],
      nodeInfo: {
        kubeletVersion: 'v1.34.0',
        osImage: 'Sandbox',
        kernelVersion: '6.0',
        containerRuntimeVersion: 'sandbox://1',
      },
    },
  });
}
