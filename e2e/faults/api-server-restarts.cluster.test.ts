import { execFile } from 'node:child_process';
import { existsSync, realpathSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { promisify } from 'node:util';
import { loadKubeconfig } from '@krateyard/kube/client/kubeconfig';
import { survivesRestarts } from './api-server-restart-cases.ts';

const LAB = process.env['KRATEYARD_LAB'] ?? join(import.meta.dirname, '../../../shared/lab');
const KILL = join(LAB, 'restart-apiserver');
/** Between kill and start: without it the new server may find its port still taken and end, which costs two minutes. */
const DOWN_SECONDS = '0.5';
/** Longer than the lab's own waits: ended half-way, it would leave the cluster without a server. */
const LAB_PATIENCE_MS = 180_000;
const run = promisify(execFile);
const RESTARTS = Number(process.env['KRATEYARD_RESTARTS'] ?? 20);

/** Only the lab's own cluster may be killed, and only by its own script. */
function whyNot(): string | false {
  const kubeconfig = process.env['KUBECONFIG'] ?? '';
  const cache = process.env['XDG_CACHE_HOME'] ?? join(homedir(), '.cache');
  const run = process.env['KRATEYARD_LAB_DIR'] ?? join(cache, 'krateyard-lab/run');
  const admin = join(run, 'admin.kubeconfig');
  if (!existsSync(KILL)) return 'there is no lab beside this repository (KRATEYARD_LAB)';
  if (!existsSync(admin) || !existsSync(kubeconfig)) return 'KUBECONFIG is not the lab’s';
  return realpathSync(kubeconfig) === realpathSync(admin) ? false : 'KUBECONFIG is not the lab’s';
}

test(`${RESTARTS} kills of a real API server lose and double nothing`, { skip: whyNot() }, async () => {
  const config = await loadKubeconfig({ files: [process.env['KUBECONFIG'] ?? ''] });
  const restart = async (): Promise<void> => {
    try {
      await run(KILL, [DOWN_SECONDS], { timeout: LAB_PATIENCE_MS });
    } catch {
      // Should the port be taken even so; this starts what has died.
      await run(join(LAB, 'up'), [], { timeout: LAB_PATIENCE_MS });
    }
  };
  await survivesRestarts({ config, restart }, RESTARTS);
});
