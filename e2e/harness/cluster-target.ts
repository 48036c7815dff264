import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
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
    ...(labFolder() !== undefined && { restartKubelet: () => restartKubelet(path.dirname(kubeconfig)) }),
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

/** `state`: the lab's folder. Its `up` starts again what has died. */
async function restartKubelet(state: string): Promise<void> {
  const [pid] = (await readFile(path.join(state, 'pid', 'kubelet'), 'utf8')).split(/\s/);
  const { stdout } = await promisify(execFile)('pgrep', ['-P', pid!]).catch(() => ({ stdout: '' }));
  for (const each of [...stdout.trim().split('\n').filter(Boolean), pid!]) {
    try {
      process.kill(Number(each), 'SIGKILL');
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
    }
  }
  const result = await run(path.join(labFolder()!, 'up'), [], { deadlineMs: 180_000 });
  if (result.code !== 0) throw new Error(`the lab did not come up again: ${result.stderr}`);
}
