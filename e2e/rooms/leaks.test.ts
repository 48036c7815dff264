import assert from 'node:assert/strict';
import type { Wire } from '../harness/wire.ts';
import { cases } from '../harness/cases.ts';
import { pollUntil } from '../harness/poll-until.ts';
import { roomFixture, type Person } from './room-fixture.ts';

/** Kinds of the matrix: path of the room, path of the API, and what makes one object of it recognisable by `mark`. */
const KINDS: readonly {
  path: string;
  collection: (namespace: string) => string;
  object: (name: string, mark: string) => Wire;
}[] = [
  {
    path: 'configmaps',
    collection: (namespace) => `/api/v1/namespaces/${namespace}/configmaps`,
    object: (name, mark) => ({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name }, data: { mark } }),
  },
  {
    path: 'secrets',
    collection: (namespace) => `/api/v1/namespaces/${namespace}/secrets`,
    object: (name, mark) => ({
      apiVersion: 'v1',
      kind: 'Secret',
      metadata: { name, labels: { mark } },
      stringData: { a: 'b' },
    }),
  },
  {
    path: 'services',
    collection: (namespace) => `/api/v1/namespaces/${namespace}/services`,
    object: (name, mark) => ({
      apiVersion: 'v1',
      kind: 'Service',
      metadata: { name, labels: { mark } },
      spec: { ports: [{ port: 80 }] },
    }),
  },
  {
    path: 'apps/v1/deployments',
    collection: (namespace) => `/apis/apps/v1/namespaces/${namespace}/deployments`,
    object: (name, mark) => ({
      apiVersion: 'apps/v1',
      kind: 'Deployment',
      metadata: { name, labels: { mark } },
      spec: {
        replicas: 0,
        selector: { matchLabels: { app: name } },
        template: {
          metadata: { labels: { app: name } },
          spec: { containers: [{ name: 'c', image: 'registry.example/c:1' }] },
        },
      },
    }),
  },
];

const ROLES = ['none', 'view', 'edit', 'admin', 'view everywhere', 'list without watch', 'one kind'] as const;
type Role = (typeof ROLES)[number];

const fixture = await roomFixture();
const { target } = fixture;
const namespaces = [await target.namespace('leak-a'), await target.namespace('leak-b')] as const;

/** Each object has a mark of its own that stands nowhere else. */
const marks = new Map<string, { namespace: string; path: string; name: string }>();
for (const namespace of namespaces) {
  for (const kind of KINDS) {
    const mark = target.unique('mark');
    const name = `n-${mark}`;
    marks.set(mark, { namespace, path: kind.path, name });
    await target.make(kind.collection(namespace), kind.object(name, mark));
  }
}

async function enact(who: Person, role: Role): Promise<void> {
  const [mine] = namespaces;
  if (role === 'view' || role === 'edit' || role === 'admin') await who.grant(role, mine);
  else if (role === 'view everywhere') await who.grant('view');
  else if (role === 'list without watch') {
    await who.grant(await who.role([{ apiGroups: ['*'], resources: ['*'], verbs: ['get', 'list'] }]), mine);
  } else if (role === 'one kind') {
    await who.grant(
      await who.role([{ apiGroups: [''], resources: ['services'], verbs: ['get', 'list', 'watch'] }]),
      mine,
    );
  }
}

/** What the API server itself lets the person list and watch: the truth that the gateway is held to. */
async function mayFollow(who: Person, kind: (typeof KINDS)[number], namespace: string): Promise<boolean> {
  const upstream = target.admin.withToken(who.token);
  const [list, watch] = await Promise.all(
    (['list', 'watch'] as const).map(async (verb) => {
      const [group, resource] = kind.path.startsWith('apps/') ? ['apps', 'deployments'] : ['', kind.path];
      const answer = await upstream.post('/apis/authorization.k8s.io/v1/selfsubjectaccessreviews', {
        apiVersion: 'authorization.k8s.io/v1',
        kind: 'SelfSubjectAccessReview',
        spec: { resourceAttributes: { verb, group, resource, namespace } },
      });
      return answer.body.status.allowed === true;
    }),
  );
  return list === true && watch === true;
}

cases(
  'a matrix of roles, kinds and namespaces',
  target,
  (it) => {
    for (const role of ROLES) {
      it(`[WA6] ${role}: lists, gets and watches tell exactly what the API server would`, async () => {
        const who = await fixture.person('leak');
        await enact(who, role);
        for (const kind of KINDS) await checkKind(who, kind);
      });
    }
  },
  { concurrency: 2 },
);

async function checkKind(who: Person, kind: (typeof KINDS)[number]): Promise<void> {
  const allowed = new Set<string>();
  for (const namespace of namespaces) if (await mayFollow(who, kind, namespace)) allowed.add(namespace);
  const expected = [...marks]
    .filter(([, at]) => at.path === kind.path && allowed.has(at.namespace))
    .map(([mark]) => mark);
  const client = await who.watch();
  for (const asked of [[], [namespaces[0]], [namespaces[1]], [...namespaces]]) {
    const visible = expected.filter(
      (mark) => asked.length === 0 || asked.includes(marks.get(mark)!.namespace),
    );
    const id = asked.join() || 'all';
    const query = asked.length === 0 ? {} : { namespace: asked.join() };
    const list = await pollUntil('the rights to be known', async () => {
      const reply = await who.api.get(`/api/resources/${kind.path}`, query);
      return (reply.status === 200) === visible.length > 0 && reply;
    });
    assert.deepEqual(found(list.text), visible.toSorted(), `GET ${kind.path} ${id}`);
    client.send({ type: 'subscribe', id, kind: kind.path, namespaces: asked });
    await pollUntil('an answer', () => client.refusal(id) ?? client.streamOf(id)?.synced);
  }
  assert.deepEqual(found(JSON.stringify(client.frames)), expected.toSorted(), `watch ${kind.path}`);
  const menu = await who.api.get('/api/resources');
  assert.deepEqual(found(menu.text), []);
  await checkGets(who, kind);
  await client.close();
}

async function checkGets(who: Person, kind: (typeof KINDS)[number]): Promise<void> {
  const upstream = target.admin.withToken(who.token);
  for (const { namespace, path, name } of marks.values()) {
    if (path !== kind.path) continue;
    const [ours, theirs] = await Promise.all([
      who.api.get(`/api/resource/${path}/${name}`, { ns: namespace }),
      upstream.get(`${kind.collection(namespace)}/${name}`),
    ]);
    assert.equal(ours.status, theirs.status, `${path} ${name}: ${ours.text}`);
    if (theirs.status !== 200) assert.equal(ours.body.message, theirs.body.message);
  }
}

function found(text: string): string[] {
  return [...marks.keys()].filter((mark) => text.includes(mark)).toSorted();
}
