import assert from 'node:assert/strict';
import { cases, type Case } from '../harness/cases.ts';
import { pod } from '../harness/objects.ts';
import { LogClient, type LogQueryText } from './log-client.ts';
import type { Person, RoomFixture } from './room-fixture.ts';

/** Logs of one pod, of many, over restarts. */
export function workspaceLogsCases({ target, gateway, person }: RoomFixture): void {
  const open = async (who: Person, query: LogQueryText, typed = true): Promise<LogClient> => {
    const client = await LogClient.open({ origin: gateway.origin, token: who.token }, query, typed);
    target.undo(() => client.close());
    return client;
  };
  const reader = async (prefix: string): Promise<{ ns: string; who: Person }> => {
    const ns = await target.namespace(prefix);
    const who = await person('reader');
    await who.grant('view', ns);
    return { ns, who };
  };

  const define = (it: Case): void => {
    it('[LG1] one pod is followed, one message a line', async () => {
      const { ns, who } = await reader('logs');
      await target.make(
        `/api/v1/namespaces/${ns}/pods`,
        pod('a', 'i=0; while [ $i -lt 20 ]; do echo "line $i"; i=$((i+1)); sleep 0.1; done; sleep 600'),
      );
      const client = await open(who, { ns, pod: 'a' });
      await client.line('line 19');
      assert.deepEqual(
        client.textsOfLines,
        Array.from({ length: 20 }, (_, index) => `line ${index}`),
      );
    });
  };
  cases('logs', target, define);
}
