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
    await promisify(execFile)(KILL, [], { timeout: 60_000 });
  };
  await survivesRestarts({ config, restart }, RESTARTS);
});
