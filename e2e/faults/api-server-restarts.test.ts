import { test } from 'node:test';
import { loadKubeconfig } from '@krateyard/kube/client/kubeconfig';
import { createSandbox } from '@krateyard/sandbox/sandbox';
import { survivesRestarts } from './api-server-restart-cases.ts';

for (const loseHistory of [false, true]) {
  const how = loseHistory ? 'without its history' : 'with its history';
  test(`20 restarts of the API server ${how} lose and double nothing`, async (t) => {
    const sandbox = await createSandbox();
    t.after(() => sandbox.stop());
    const config = await loadKubeconfig({ text: sandbox.kubeconfig() });
    const restart = (round: number): Promise<void> =>
      sandbox.restartApiServer({ downMs: (round % 4) * 100, loseHistory });
    await survivesRestarts({ config, restart }, 20);
  });
}
