import assert from 'node:assert/strict';
import { cases } from '../harness/cases.ts';
import { pollUntil } from '../harness/poll-until.ts';
import type { Reply } from '../harness/api.ts';
import type { Wire } from '../harness/wire.ts';
import { configMap, type RoomFixture } from './room-fixture.ts';

const RBAC = '/apis/rbac.authorization.k8s.io/v1';

/** `owns>pods: a b`, one line a group, sorted. */
function groupsOf(reply: Reply): string[] {
  assert.equal(reply.status, 200, reply.text);
  return (reply.body.groups as Wire[])
    .map(({ relation, direction, kind, items }) => {
      // Every pod of a real cluster mounts the certificate of its API server.
      const known = (items as Wire[]).filter(({ name }) => name !== 'kube-root-ca.crt');
      const names: string[] = known.map(({ name, state }) =>
        state === 'present' ? String(name) : `${name}?${state}`,
      );
      return `${relation} ${direction} ${kind.path}: ${names.toSorted().join(' ')}`;
    })
    .toSorted();
}

const unseenOf = (reply: Reply): string[] => (reply.body.unseen as Wire[]).map(({ path }) => path as string);

/** What stands around one pod: everything it names but a Secret is there. */
async function makeScene({ target }: RoomFixture, namespace: string): Promise<void> {
  const core = `/api/v1/namespaces/${namespace}`;
  await target.make(`${core}/configmaps`, configMap('settings'));
  await target.make(`${core}/pods`, {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name: 'web', labels: { app: 'web' } },
    spec: {
      containers: [
        {
          name: 'main',
          image: 'registry.invalid/web:1',
          envFrom: [{ configMapRef: { name: 'settings' } }],
          env: [{ name: 'X', valueFrom: { secretKeyRef: { name: 'hidden', key: 'x' } } }],
        },
      ],
      volumes: [{ name: 'more', configMap: { name: 'absent' } }],
    },
  });
  await target.make(`${core}/services`, {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { name: 'front' },
    spec: { selector: { app: 'web' }, ports: [{ port: 80 }] },
  });
  await target.make(`/apis/networking.k8s.io/v1/namespaces/${namespace}/ingresses`, {
    apiVersion: 'networking.k8s.io/v1',
    kind: 'Ingress',
    metadata: { name: 'door' },
    spec: { defaultBackend: { service: { name: 'front', port: { number: 80 } } } },
  });
}

/** Relations, who-can, schema and managed fields from outside, against any cluster, with people of different rights. */
export function workspaceObjectCases(fixture: RoomFixture): void {
  const { target, person } = fixture;
  cases('relations', target, (it) => {
    it('[RE1, RE2, RE3] what a pod uses and what chooses it, as far as the person may see', async () => {
      const namespace = await target.namespace('relate');
      await makeScene(fixture, namespace);
      const [viewer, narrow, nobody] = [await person('viewer'), await person('narrow'), await person('no')];
      await viewer.grant('view', namespace);
      const role = await narrow.role([
        { apiGroups: [''], resources: ['pods', 'configmaps'], verbs: ['get', 'list', 'watch'] },
      ]);
      await narrow.grant(role, namespace);
      const ask = (who: typeof viewer, kind: string, name: string): Promise<Reply> =>
        who.api.get('/api/relations', { kind, ns: namespace, name });
      const all = await pollUntil('the relations of the pod', async () => {
        const reply = await ask(viewer, 'pods', 'web');
        return groupsOf(reply).some((line) => line.startsWith('selects')) && reply;
      });
      const lines = groupsOf(all).filter((line) => !/nodes|serviceaccounts/.test(line));
      assert.deepEqual(lines, [
        'mounts to configmaps: absent?missing',
        'selects from services: front',
        'uses to configmaps: settings',
        'uses to secrets: hidden?unseen',
      ]);
      const little = await ask(narrow, 'pods', 'web');
      assert.ok(!little.text.includes('front'), little.text);
      assert.ok(unseenOf(little).includes('services'), little.text);
      assert.deepEqual(
        groupsOf(await ask(viewer, 'services', 'front')).filter((line) => !line.includes('endpointslices')),
        ['routes to from ingresses: door', 'selects to pods: web'],
      );
      assert.deepEqual(groupsOf(await ask(viewer, 'configmaps', 'settings')), ['uses from pods: web']);
      const refused = await ask(nobody, 'pods', 'web');
      assert.equal(refused.status, 403);
      assert.match(refused.body.message as string, /pods "web" is forbidden/);
      assert.equal((await ask(viewer, 'pods', 'none')).status, 404);
      assert.equal((await ask(viewer, 'nonsense', 'x')).status, 404);
    });

    it('[RE2, RE4] owners and owned, bounded, what is not well first', async () => {
      const namespace = await target.namespace('owned');
      const who = await person('viewer');
      await who.grant('view', namespace);
      const labels = { app: 'many' };
      await target.make(`/apis/apps/v1/namespaces/${namespace}/deployments`, {
        apiVersion: 'apps/v1',
        kind: 'Deployment',
        metadata: { name: 'many' },
        spec: {
          replicas: 0,
          selector: { matchLabels: labels },
          template: {
            metadata: { labels },
            spec: { containers: [{ name: 'c', image: 'registry.invalid/many:1' }] },
          },
        },
      });
      const sets = await pollUntil('the replica set', async () => {
        const reply = await who.api.get('/api/relations', {
          kind: 'deployments',
          ns: namespace,
          name: 'many',
        });
        const group = (reply.body.groups as Wire[] | undefined)?.find(({ relation }) => relation === 'owns');
        return group;
      });
      assert.equal(sets.total, 1);
      const set = sets.items[0].name as string;
      const up = await who.api.get('/api/relations', {
        kind: 'apps/v1/replicasets',
        ns: namespace,
        name: set,
      });
      assert.ok(groupsOf(up).includes('owns from deployments: many'), up.text);
      await target.make(`/api/v1/namespaces/${namespace}/services`, {
        apiVersion: 'v1',
        kind: 'Service',
        metadata: { name: 'front' },
        spec: { selector: labels, ports: [{ port: 80 }] },
      });
      // It has no pods: what would choose them is told all the same.
      await pollUntil('the service of the deployment', async () => {
        const query = { kind: 'deployments', ns: namespace, name: 'many' };
        return groupsOf(await who.api.get('/api/relations', query)).includes('selects from services: front');
      });
      const core = `/api/v1/namespaces/${namespace}/pods`;
      for (let at = 0; at < 53; at += 1) {
        await target.make(core, {
          apiVersion: 'v1',
          kind: 'Pod',
          metadata: { name: `p${at}`, labels: { group: 'x' } },
          spec: {
            containers: [{ name: 'c', image: 'registry.invalid/p:1' }],
            nodeSelector: { 'krateyard.test/none': 'none' },
          },
        });
      }
      await target.make(`/api/v1/namespaces/${namespace}/services`, {
        apiVersion: 'v1',
        kind: 'Service',
        metadata: { name: 'x' },
        spec: { selector: { group: 'x' }, ports: [{ port: 80 }] },
      });
      const group = await pollUntil('all pods', async () => {
        const reply = await who.api.get('/api/relations', { kind: 'services', ns: namespace, name: 'x' });
        const found = (reply.body.groups as Wire[]).find(({ relation }) => relation === 'selects');
        return found?.total === 53 && found;
      });
      assert.equal(group.items.length, 50);
    });
  });

  cases('access to one object', target, (it) => {
    it('[OP4] who can do what comes from the RBAC that the person may read, and says what it cannot see', async () => {
      const namespace = await target.namespace('access');
      const [reader, editor, plain] = [await person('reader'), await person('editor'), await person('plain')];
      await reader.grant(
        await reader.role([
          {
            apiGroups: ['rbac.authorization.k8s.io'],
            resources: ['*'],
            verbs: ['get', 'list', 'watch'],
          },
        ]),
      );
      const rules = [
        {
          apiGroups: [''],
          resources: ['configmaps'],
          resourceNames: ['mine'],
          verbs: ['get', 'update', 'create'],
        },
        { apiGroups: ['apps'], resources: ['configmaps'], verbs: ['delete'] },
      ];
      const name = target.unique('role');
      await target.make(`${RBAC}/namespaces/${namespace}/roles`, {
        apiVersion: 'rbac.authorization.k8s.io/v1',
        kind: 'Role',
        metadata: { name },
        rules,
      });
      await target.make(`${RBAC}/namespaces/${namespace}/rolebindings`, {
        apiVersion: 'rbac.authorization.k8s.io/v1',
        kind: 'RoleBinding',
        metadata: { name },
        roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'Role', name },
        subjects: [{ kind: 'User', apiGroup: 'rbac.authorization.k8s.io', name: editor.username }],
      });
      const ask = (who: typeof reader, object: string): Promise<Reply> =>
        who.api.get('/api/who-can', { kind: 'configmaps', ns: namespace, name: object });
      const found = await pollUntil('the subject', async () => {
        const reply = await ask(reader, 'mine');
        return (reply.body.subjects as Wire[] | undefined)?.find((one) => one.name === editor.username);
      });
      assert.deepEqual(found.grants, [{ verb: 'get' }, { verb: 'update' }]);
      assert.deepEqual(found.via, [
        { binding: { kind: 'RoleBinding', name, namespace }, role: { kind: 'Role', name } },
      ]);
      const other = await ask(reader, 'another');
      assert.ok(!(other.body.subjects as Wire[]).some((one) => one.name === editor.username));
      assert.deepEqual(other.body.unseen, []);
      const blind = await ask(plain, 'mine');
      assert.deepEqual(blind.body.subjects, []);
      assert.deepEqual(blind.body.unseen, ['roles', 'rolebindings', 'clusterroles', 'clusterrolebindings']);
    });
  });

  cases('schemas and owners of fields', target, (it) => {
    it('[OP2] the schema of a built-in kind and of a CRD, changed ones at once', async () => {
      const who = await person('anybody');
      const pods = await who.api.get('/api/schema', { kind: 'pods' });
      assert.equal(pods.status, 200, pods.text);
      const { root, definitions } = pods.body;
      const spec = definitions[root.ref].properties.spec;
      const containers = definitions[spec.ref].properties.containers;
      assert.equal(containers.type, 'array');
      assert.ok(definitions[containers.items.ref].properties.image.type === 'string');
      const group = `${target.unique('g')}.example.com`;
      const crd = (field: string): Wire => ({
        apiVersion: 'apiextensions.k8s.io/v1',
        kind: 'CustomResourceDefinition',
        metadata: { name: `things.${group}` },
        spec: {
          group,
          scope: 'Namespaced',
          names: { plural: 'things', singular: 'thing', kind: 'Thing' },
          versions: [
            {
              name: 'v1',
              served: true,
              storage: true,
              schema: {
                openAPIV3Schema: {
                  type: 'object',
                  properties: {
                    spec: {
                      type: 'object',
                      properties: { [field]: { type: 'string', description: 'Its hue.', enum: ['a', 'b'] } },
                    },
                  },
                },
              },
            },
          ],
        },
      });
      const path = '/apis/apiextensions.k8s.io/v1/customresourcedefinitions';
      await target.make(path, crd('colour'));
      const fieldOf = async (field: string): Promise<unknown> => {
        const reply = await who.api.get('/api/schema', { kind: `${group}/v1/things` });
        if (reply.status !== 200) return undefined;
        const top = reply.body.definitions[reply.body.root.ref] as Wire;
        return top.properties.spec.properties?.[field];
      };
      const colour = await pollUntil('the schema of the CRD', () => fieldOf('colour'), {
        deadlineMs: 30_000,
      });
      assert.deepEqual(colour, { type: 'string', description: 'Its hue.', values: ['a', 'b'] });
      await target.admin.patch(`${path}/things.${group}`, 'application/json-patch+json', [
        {
          op: 'add',
          path: '/spec/versions/0/schema/openAPIV3Schema/properties/spec/properties/hue',
          value: { type: 'string' },
        },
      ]);
      await pollUntil('the changed schema', () => fieldOf('hue'), { deadlineMs: 30_000 });
      assert.equal((await who.api.get('/api/schema', { kind: 'nonsense' })).status, 404);
    });

    it('[OP3] managed fields are told on demand, never those of a Secret', async () => {
      const namespace = await target.namespace('managed');
      const who = await person('editor');
      await who.grant('edit', namespace);
      const query = { ns: namespace };
      await who.api.post('/api/resources/configmaps', configMap('a', { x: '1' }), query);
      const plain = await who.api.get('/api/resource/configmaps/a', query);
      assert.equal(plain.body.metadata.managedFields, undefined);
      const managed = await who.api.get('/api/resource/configmaps/a', { ...query, managed: 'true' });
      assert.equal(managed.body.metadata.managedFields[0].manager, 'krateyard');
      await target.make(`/api/v1/namespaces/${namespace}/secrets`, {
        apiVersion: 'v1',
        kind: 'Secret',
        metadata: { name: 's' },
        stringData: { k: 'v' },
      });
      const secret = await who.api.get('/api/resource/secrets/s', { ...query, managed: 'true' });
      assert.equal(secret.body.metadata.managedFields, undefined);
      assert.deepEqual(secret.body.dataSizes, { k: 1 });
    });
  });
}
