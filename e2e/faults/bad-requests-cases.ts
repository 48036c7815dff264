import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { connect } from 'node:net';
import { after } from 'node:test';
import { request } from 'undici';
import type { Wire } from '../harness/wire.ts';
import { cases, suiteTarget } from '../harness/cases.ts';
import { GatewayProcess } from '../harness/gateway-process.ts';
import { bringKubeVirt } from '../harness/kubevirt.ts';
import { pollUntil, within } from '../harness/poll-until.ts';

/** What people and scanners put where a name is expected. */
const ODD_NAMES = [
  'nonsense',
  'NOT_valid',
  '..%2f..%2fetc%2fpasswd',
  '%00',
  '%F0%9F%92%A5',
  'a'.repeat(3000),
  '%',
  '{}',
  '*',
  '__proto__',
  'constructor',
];

interface Endpoint {
  readonly method: string;
  readonly path: string;
  readonly takesBody: boolean;
  /** The room's name is among them. */
  readonly tags: readonly string[];
}

interface Answer {
  readonly status: number;
  readonly text: string;
  readonly body: Wire;
}

/** Bad input on every endpoint that the gateway's own OpenAPI document names, and below HTTP. */
export async function registerBadRequestCases(): Promise<void> {
  const target = await suiteTarget();
  await bringKubeVirt(target);
  const gateway = await GatewayProcess.start({ kubeconfig: target.kubeconfig });
  after(() => gateway.close());
  const { host } = new URL(gateway.origin);
  const ns = await target.namespace('bad-requests');
  const token = await editorToken(ns);
  const ask = (
    method: string,
    path: string,
    body?: string | Buffer,
    headers: Record<string, string> = {},
  ): Promise<Answer> =>
    answerOf(gateway.origin + path, method, body, { authorization: `Bearer ${token}`, ...headers });
  const dark = await darkRooms(ask);
  // A dark room refuses everything, and says why.
  const endpoints = endpointsOf((await ask('GET', '/api/openapi.json')).body).filter(
    ({ tags }) => !tags.some((tag) => dark.has(tag)),
  );

  async function editorToken(namespace: string): Promise<string> {
    const name = target.unique('bad-requests');
    await target.make('/apis/rbac.authorization.k8s.io/v1/clusterrolebindings', {
      apiVersion: 'rbac.authorization.k8s.io/v1',
      kind: 'ClusterRoleBinding',
      metadata: { name },
      roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: 'edit' },
      subjects: [{ kind: 'ServiceAccount', name: 'default', namespace }],
    });
    const reply = await target.admin.post(`/api/v1/namespaces/${namespace}/serviceaccounts/default/token`, {
      apiVersion: 'authentication.k8s.io/v1',
      kind: 'TokenRequest',
      spec: {},
    });
    return reply.body.status.token;
  }

  const stillWell = async (): Promise<void> => {
    const reply = await ask('GET', `/api/resources/configmaps?ns=${ns}`);
    assert.equal(reply.status, 200, reply.text);
  };

  cases(
    'bad requests to the gateway',
    target,
    (it) => {
      it('the document names the endpoints', async () => {
        assert.ok(endpoints.length > 10);
        assert.ok(endpoints.some(({ path }) => path.startsWith('/api/resource/')));
      });

      it('without credentials every endpoint of the cluster is 401', async () => {
        for (const { method, path } of endpoints) {
          if (!path.startsWith('/api/resource') && path !== '/api/cluster') continue;
          const reply = await answerOf(gateway.origin + filled(path, 'pods'), method);
          assertRefusal(reply, `${method} ${path}`);
          assert.equal(reply.status, 401, `${method} ${path}: ${reply.text}`);
        }
      });

      for (const odd of ODD_NAMES) {
        it(`${odd.slice(0, 30)} as a name is refused by every endpoint`, async () => {
          for (const { method, path } of endpoints) {
            if (!path.includes('{')) continue;
            const reply = await ask(
              method,
              filled(path, odd),
              method === 'GET' || method === 'DELETE' ? undefined : '{}',
              JSON_TYPE,
            );
            assertRefusal(reply, `${method} ${path}`);
          }
        });
      }

      for (const [what, body] of [
        ['no JSON', '{"a": '],
        ['an array', '[1, 2]'],
        ['a number', '7'],
        ['null', 'null'],
        ['bytes', Buffer.from([0, 255, 254, 1, 128])],
        ['deep nesting', `${'['.repeat(20_000)}${']'.repeat(20_000)}`],
        ['an inherited key', '{"__proto__": {"admin": true}, "constructor": {"prototype": {}}}'],
      ] as const) {
        it(`a body that is ${what} is refused by every endpoint that takes one`, async () => {
          for (const { method, path, takesBody } of endpoints) {
            if (!takesBody || !path.includes('{')) continue;
            const reply = await ask(method, `${filled(path, 'configmaps')}?ns=${ns}`, body, JSON_TYPE);
            assertRefusal(reply, `${method} ${path}`);
          }
          await stillWell();
        });
      }

      it('a body that is announced as too large is 413 before it is sent', async () => {
        for (const { method, path, takesBody } of endpoints) {
          if (!takesBody || !path.includes('{')) continue;
          const head = `${method} ${filled(path, 'configmaps')}?ns=${ns} HTTP/1.1\r\nHost: ${host}\r\nAuthorization: Bearer ${token}\r\nContent-Type: application/json\r\nContent-Length: 1000000000\r\n\r\n`;
          const reply = await raw(gateway.origin, head, 5000, '"code":413');
          assert.match(reply, /^HTTP\/1\.1 413 /, `${method} ${path}: ${reply}`);
          assert.match(reply, /"requestId":"/);
        }
        await stillWell();
      });

      it('a content type that is not spoken is 415', async () => {
        const reply = await ask('POST', `/api/resources/configmaps?ns=${ns}`, 'x', {
          'content-type': 'image/png',
        });
        assertRefusal(reply, 'POST image/png');
        assert.equal(reply.status, 415);
      });

      for (const query of [
        'labelSelector=a%20in%20(',
        'fieldSelector=nonsense',
        'limit=-1',
        'limit=many',
        'offset=1e99',
        'sort=%00',
        'ns=Not_Valid',
        `search=${'x'.repeat(5000)}`,
        'limit=1&limit=2',
      ]) {
        it(`?${query.slice(0, 40)} never fails with more than a 4xx`, async () => {
          const reply = await ask('GET', `/api/resources/pods?${query}`);
          if (reply.status !== 200) assertRefusal(reply, query);
        });
      }

      it('an unknown kind, object and method are 404, 404 and 404 or 405', async () => {
        assert.equal((await ask('GET', '/api/resources/unicorns')).status, 404);
        assert.equal((await ask('GET', `/api/resource/configmaps/nobody?ns=${ns}`)).status, 404);
        const reply = await ask('PUT', '/api/resources/pods', '{}', JSON_TYPE);
        assert.ok(reply.status === 404 || reply.status === 405, reply.text);
        assertRefusal(reply, 'PUT /api/resources/pods');
      });

      it('a conflict is 409, told with a request id', async () => {
        const object = JSON.stringify({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'twice' } });
        assert.equal(
          (await ask('POST', `/api/resources/configmaps?ns=${ns}`, object, JSON_TYPE)).status,
          201,
        );
        const reply = await ask('POST', `/api/resources/configmaps?ns=${ns}`, object, JSON_TYPE);
        assert.equal(reply.status, 409);
        assertRefusal(reply, 'POST');
      });

      it('without the right it is 403', async () => {
        const reply = await ask('GET', '/api/resource/v1/nodes/nobody');
        assert.equal(reply.status, 403, reply.text);
        assertRefusal(reply, 'GET node');
      });

      for (const [what, bytes] of [
        ['no HTTP at all', 'hello\r\n\r\n'],
        ['a header without a colon', 'GET / HTTP/1.1\r\nHost x\r\n\r\n'],
        ['headers that never fit', `GET / HTTP/1.1\r\nHost: ${host}\r\nX: ${'y'.repeat(200_000)}\r\n\r\n`],
        [
          'two lengths',
          `POST /api/session HTTP/1.1\r\nHost: ${host}\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\nhello`,
        ],
        [
          'a chunk of no size',
          `POST /api/session HTTP/1.1\r\nHost: ${host}\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n`,
        ],
        [
          'an upgrade to nothing',
          `GET /ws/watch HTTP/1.1\r\nHost: ${host}\r\nConnection: Upgrade\r\nUpgrade: nothing\r\n\r\n`,
        ],
        [
          'an upgrade without a key',
          `GET /ws/watch HTTP/1.1\r\nHost: ${host}\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n`,
        ],
        [
          'a path of percent signs',
          `GET /%%%%/%E0%A4%A HTTP/1.1\r\nHost: ${host}\r\nConnection: close\r\n\r\n`,
        ],
      ] as const) {
        it(`${what} ends the connection, not the gateway`, async () => {
          const reply = await raw(gateway.origin, bytes);
          assert.match(reply, /^$|^HTTP\/1\.1 [45]\d\d /);
          assert.doesNotMatch(reply, /^HTTP\/1\.1 50[023]/);
          await stillWell();
        });
      }

      it('random bytes on 300 connections leave it well', async () => {
        for (let i = 0; i < 30; i++)
          await Promise.all(Array.from({ length: 10 }, () => raw(gateway.origin, randomBytes(200), 300)));
        await stillWell();
        assert.doesNotMatch(gateway.log, /uncaught|unhandled/i);
      });

      it('connections that are cut in the middle of a body leave it well', async () => {
        const head = `POST /api/resources/configmaps HTTP/1.1\r\nHost: ${host}\r\nAuthorization: Bearer ${token}\r\nContent-Type: application/json\r\nContent-Length: 1000\r\n\r\n{"a":`;
        await Promise.all(Array.from({ length: 50 }, () => raw(gateway.origin, head, 100)));
        await pollUntil('an answer', async () => (await ask('GET', '/api/cluster')).status === 200);
      });
    },
    { concurrency: 1 },
  );
}

const JSON_TYPE = { 'content-type': 'application/json' };

/** 4xx, as a Kubernetes Status with a request id and nothing of the inside. */
function assertRefusal(reply: Answer, what: string): void {
  const told = `${what}: ${reply.status} ${reply.text.slice(0, 500)}`;
  assert.ok(reply.status >= 400 && reply.status < 500, told);
  assert.equal(reply.body?.kind, 'Status', told);
  assert.equal(reply.body.status, 'Failure', told);
  assert.equal(reply.body.code, reply.status, told);
  assert.equal(typeof reply.body.message, 'string', told);
  assert.equal(typeof reply.body.details?.requestId, 'string', told);
  assert.doesNotMatch(reply.text, /node_modules|\.ts:\d+| at \w+ \(/, told);
}

/** Rooms that this cluster has not what they need for; every room is known to be one or the other. */
async function darkRooms(
  ask: (method: string, path: string) => Promise<Answer>,
): Promise<ReadonlySet<string>> {
  const features = await pollUntil('the rooms to be probed', async () => {
    const { body } = await ask('GET', '/api/features');
    const rooms = body.features as Wire[];
    return rooms.every(({ state }) => state !== 'unknown') && rooms;
  });
  return new Set(features.filter(({ state }) => state === 'dark').map(({ name }) => name as string));
}

function endpointsOf(document: Wire): Endpoint[] {
  return Object.entries<Wire>(document.paths).flatMap(([path, methods]) =>
    Object.entries<Wire>(methods).map(([method, operation]) => ({
      method: method.toUpperCase(),
      path,
      takesBody: operation.requestBody !== undefined || method === 'patch',
      tags: (operation.tags ?? []) as string[],
    })),
  );
}

/** The path with a known kind in most places and `odd` as the name, or as the kind where there is no name. */
function filled(path: string, odd: string): string {
  const last = ['{name}', '{id}', '{action}', '{kind}'].find((one) => path.includes(one)) ?? '{kind}';
  return path
    .replace(last, odd)
    .replace('{group}', 'apps')
    .replace('{version}', 'v1')
    .replace('{kind}', 'configmaps');
}

async function answerOf(
  url: string,
  method: string,
  body?: string | Buffer,
  headers: Record<string, string> = {},
): Promise<Answer> {
  const reply = await request(url, {
    method: method as 'GET',
    headers,
    ...(body !== undefined && { body }),
  });
  const text = await reply.body.text();
  const json = text.startsWith('{') ? (JSON.parse(text) as Wire) : undefined;
  return { status: reply.statusCode, text, body: json };
}

/** Sends bytes as they are; resolves with what came back when the other side has closed, or when `enough` has come, or after `cutMs`. */
async function raw(origin: string, bytes: string | Buffer, cutMs = 5000, enough?: string): Promise<string> {
  const { hostname, port } = new URL(origin);
  const socket = connect(Number(port), hostname);
  const closed = Promise.withResolvers<void>();
  let seen = '';
  socket.on('data', (part: Buffer) => {
    seen += part.toString('latin1');
    if (enough !== undefined && seen.includes(enough)) closed.resolve();
  });
  socket.on('error', () => undefined);
  socket.on('close', () => closed.resolve());
  socket.write(bytes);
  await within('the connection', cutMs, closed.promise).catch(() => undefined);
  socket.destroy();
  return seen;
}
