import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createSandbox } from '@krateyard/sandbox/sandbox';
import { readKubeconfig, type ClusterLogin } from './kubeconfig.ts';
import type { TargetOptions, TargetSource } from './target-source.ts';

/** A sandbox in this process, on a port of its own, with its kubeconfig in a temporary folder. */
export async function openSandboxTarget(
  options: TargetOptions,
): Promise<{ source: TargetSource; login: ClusterLogin }> {
  const sandbox = await createSandbox({ scene: options.scene ?? 'none' });
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
