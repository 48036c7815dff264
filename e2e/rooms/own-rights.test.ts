import assert from 'node:assert/strict';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, describe, test, type TestContext } from 'node:test';
import { createSandbox } from '@krateyard/sandbox/sandbox';
import { WebSocket } from 'ws';
import { GatewayProcess } from '../harness/gateway-process.ts';
import { pollUntil } from '../harness/poll-until.ts';
import type { Wire } from '../harness/wire.ts';
import { WatchClient } from './watch-client.ts';

const PODS = { group: '', version: 'v1', resource: 'pods' };
const BINDINGS = { group: 'rbac.authorization.k8s.io', version: 'v1', resource: 'rolebindings' };
const LIMIT = { timeout: 150_000 };
/** All of them together, each of which starts a gateway. */
const ALL = { timeout: 450_000 };

const sandbox = await createSandbox({ scene: 'none' });
const folder = await mkdtemp(path.join(tmpdir(), 'krateyard-own-'));
after(async () => {
  await sandbox.stop();
  await rm(folder, { recursive: true, force: true });
});
for (const namespace of ['default', 'team-a', 'team-b']) await addPod(namespace, 'first');

async function addPod(namespace: string, name: string): Promise<void> {
  const spec = { containers: [{ name: 'main', image: 'busybox' }] };
  const metadata = { namespace, name: `${namespace}-${name}` };
  await sandbox.client.create(PODS, { apiVersion: 'v1', kind: 'Pod', metadata, spec });
}

interface Answer {
  readonly status: number;
  readonly body: Wire;
}

/** A gateway that runs on the kubeconfig of one of the sandbox's people, and a browser that followed the URL it printed. */
class OwnGateway {
  readonly #origin: string;
  readonly #cookie: string;

  static async start(
    t: TestContext,
    person: 'alice' | 'carol',
    args: readonly string[] = [],
  ): Promise<OwnGateway> {
    const kubeconfig = path.join(folder, `${person}.kubeconfig`);
    await writeFile(kubeconfig, sandbox.kubeconfig(person), { mode: 0o600 });
    const gateway = await GatewayProcess.start({ kubeconfig, args });
    t.after(() => gateway.close());
    const { headers } = await fetch(gateway.signInUrl, { redirect: 'manual' });
    const [cookie = ''] = (headers.get('set-cookie') ?? '').split(';');
    return new OwnGateway(gateway.origin, cookie);
  }

  private constructor(origin: string, cookie: string) {
    this.#origin = origin;
    this.#cookie = cookie;
  }

  async get(route: string): Promise<Answer> {
    const reply = await fetch(this.#origin + route, { headers: { cookie: this.#cookie } });
    return { status: reply.status, body: (await reply.json()) as Wire };
  }

  async podNames(query = ''): Promise<string[]> {
    const { status, body } = await this.get(`/api/resources/pods${query}`);
    assert.equal(status, 200, JSON.stringify(body));
    return (body.items as Wire[]).map(({ metadata }) => metadata.name as string).toSorted();
  }

  async watch(t: TestContext): Promise<WatchClient> {
    const socket = new WebSocket(`${this.#origin.replace('http', 'ws')}/ws/watch`, {
      headers: { cookie: this.#cookie, origin: this.#origin },
    });
    const client = new WatchClient(socket);
    t.after(() => client.close());
    await once(socket, 'open');
    return client;
  }
}

describe('a gateway with rights in some namespaces', ALL, () => {
  test('[WA7] lists, watches and names exactly these namespaces', LIMIT, async (t) => {
    const alice = await OwnGateway.start(t, 'alice');
    assert.deepEqual(await alice.podNames(), ['team-a-first']);
    assert.deepEqual(await alice.podNames('?namespace=team-a'), ['team-a-first']);
    const cluster = await alice.get('/api/cluster');
    assert.deepEqual(cluster.body.namespaces, ['team-a']);
    const kinds = await alice.get('/api/resources');
    assert.ok((kinds.body.items as Wire[]).some(({ resource }) => resource === 'deployments'));

    const watch = await alice.watch(t);
    const stream = await watch.subscribe({ id: 'pods', kind: 'pods' });
    assert.deepEqual(stream.keys(), ['team-a/team-a-first']);
    await addPod('team-b', 'second');
    await addPod('team-a', 'second');
    await pollUntil('the new pod', () => stream.keys().length === 2);
    assert.deepEqual(stream.keys(), ['team-a/team-a-first', 'team-a/team-a-second']);

    for (const route of ['/api/resources/nodes', '/api/resources/pods?namespace=team-b']) {
      const { status, body } = await alice.get(route);
      assert.equal(status, 403);
      assert.match(String(body.message), /is forbidden: User "alice" cannot list/);
    }
  });

  test('[WA7] follows rights that come and go', LIMIT, async (t) => {
    const alice = await OwnGateway.start(t, 'alice', ['--namespaces', 'team-b']);
    const watch = await alice.watch(t);
    await watch.subscribe({ id: 'pods', kind: 'pods' });
    const binding = {
      apiVersion: 'rbac.authorization.k8s.io/v1',
      kind: 'RoleBinding',
      metadata: { name: 'alice-too', namespace: 'team-b' },
      roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: 'view' },
      subjects: [{ kind: 'User', apiGroup: 'rbac.authorization.k8s.io', name: 'alice' }],
    };
    const shows = (): boolean =>
      watch
        .streamOf('pods')
        ?.keys()
        .some((key) => key.startsWith('team-b/')) === true;
    await sandbox.client.create(BINDINGS, binding);
    await pollUntil('the pods of team-b', shows);
    assert.ok((await alice.podNames()).includes('team-b-first'));
    await sandbox.client.delete(BINDINGS, 'alice-too', 'team-b');
    await pollUntil('that they are gone', () => !shows());
    assert.ok((await alice.podNames()).every((name) => name.startsWith('team-a')));
  });

  test('[WA8] without any right the room says so', LIMIT, async (t) => {
    const carol = await OwnGateway.start(t, 'carol');
    const sentence =
      /This room is dark: the gateway may not list and watch anything, .* namespaces it knows: "default" \(the role "view"/;
    const told = await pollUntil('the dark room', async () => {
      const answer = await carol.get('/api/resources/pods');
      return answer.status === 503 && answer;
    });
    assert.match(String(told.body.message), sentence);
    const { body } = await carol.get('/api/features');
    const [room] = body.features as Wire[];
    assert.equal(room!.state, 'dark');
    const health = await carol.get('/api/health');
    assert.match(String(health.body.parts.workspace.reason), sentence);
  });
});
