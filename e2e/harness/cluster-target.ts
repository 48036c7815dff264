import { existsSync } from 'node:fs';
import path from 'node:path';
import { readKubeconfig, type ClusterLogin } from './kubeconfig.ts';
import { run } from './run.ts';
import type { TargetSource } from './target-source.ts';

/** The real cluster of $KUBECONFIG, current context. */
export function openClusterTarget(): { source: TargetSource; login: ClusterLogin } {
  const kubeconfig = process.env['KUBECONFIG'];
  if (kubeconfig === undefined || kubeconfig === '')
    throw new Error('KRATEYARD_TARGET=cluster needs KUBECONFIG');
  const source: TargetSource = {
    kind: 'cluster',
    kubeconfig,
    restartApiServer,
    close: async () => undefined,
  };
  return { source, login: readKubeconfig(kubeconfig) };
}

/** The folder with the lab's commands, when this checkout has one beside it: $KRATEYARD_LAB or `../shared/lab`. */
function labFolder(): string | undefined {
  const folder = process.env['KRATEYARD_LAB'] ?? path.resolve(import.meta.dirname, '../../../shared/lab');
  return existsSync(path.join(folder, 'restart-apiserver')) ? folder : undefined;
}

/** Without a moment in between the new server may find its port still taken and end, which costs two minutes. */
const LEAST_DOWN_SECONDS = 0.5;

async function restartApiServer(asked = 0): Promise<void> {
  const downSeconds = Math.max(asked, LEAST_DOWN_SECONDS);
  const folder = labFolder();
  if (folder === undefined) throw new Error('only the lab can restart its API server; set KRATEYARD_LAB');
  const result = await run(path.join(folder, 'restart-apiserver'), [String(downSeconds)], {
    deadlineMs: 120_000 + downSeconds * 1000,
  });
  if (result.code !== 0) throw new Error(`restart-apiserver failed: ${result.stderr}`);
}
