import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ApiError } from '@krateyard/ui/live/api-client';
import type { LiveObject } from '@krateyard/ui/live/live-frames';
import type { KindSummary } from '../../../contract/resource-api.ts';
import { runDocuments, type CreateApi } from './create-run.ts';
import { readDocuments } from './documents.ts';

const kind = (name: string, path: string, namespaced: boolean): KindSummary => ({
  path,
  group: '',
  version: 'v1',
  resource: path,
  kind: name,
  namespaced,
  singular: '',
  shortNames: [],
  categories: [],
  verbs: ['list'],
  subresources: [],
});
const kinds = [kind('ConfigMap', 'configmaps', true), kind('Namespace', 'namespaces', false)];

/** Remembers what it was asked; objects by name that are there, or owned by somebody else, already. */
class Server implements CreateApi {
  readonly asked: string[] = [];
  readonly taken: ReadonlySet<string>;
  readonly owned: ReadonlySet<string>;

  constructor(taken: readonly string[] = [], owned: readonly string[] = []) {
    this.taken = new Set(taken);
    this.owned = new Set(owned);
  }

  create(path: string, namespace: string | undefined, object: LiveObject, dryRun: boolean) {
    const name = object.metadata.name ?? '';
    if (namespace === 'new' && dryRun)
      return Promise.reject(
        new ApiError({ message: 'namespaces "new" not found', reason: 'NotFound', code: 404 }),
      );
    this.asked.push(`create ${path} ${namespace ?? '-'}/${name}${dryRun ? ' dry' : ''}`);
    return this.taken.has(name)
      ? Promise.reject(new ApiError({ message: 'there', reason: 'AlreadyExists', code: 409 }))
      : Promise.resolve({ object, warnings: [] });
  }

  apply(path: string, _: string | undefined, object: LiveObject, { force }: { force: boolean }) {
    const name = object.metadata.name ?? '';
    this.asked.push(`apply ${path} ${name}${force ? ' force' : ''}`);
    return this.owned.has(name) && !force
      ? Promise.reject(new ApiError({ message: 'owned', reason: 'Conflict', code: 409 }))
      : Promise.resolve({ object, warnings: [] });
  }
}

const text = (...objects: readonly [kind: string, name: string][]): string =>
  objects.map(([of, name]) => `apiVersion: v1\nkind: ${of}\nmetadata: {name: ${name}}\n`).join('---\n');

const run = (server: Server, yaml: string, more: object = {}) =>
  runDocuments(server, readDocuments(yaml), {
    kinds,
    namespace: 'a',
    ways: new Map(),
    dryRun: true,
    ...more,
  });

test('[YE7] a dry run tries every document; without a namespace they go into the one chosen', async () => {
  const server = new Server(['b']);
  const steps = await run(
    server,
    text(['Namespace', 'n'], ['ConfigMap', 'b'], ['Other', 'x'], ['ConfigMap', 'c']),
  );
  assert.deepEqual(
    steps.map(({ state }) => state),
    ['will-create', 'exists', 'failed', 'will-create'],
  );
  assert.deepEqual(server.asked, [
    'create namespaces -/n dry',
    'create configmaps a/b dry',
    'create configmaps a/c dry',
  ]);
  const [homeless] = await run(server, text(['ConfigMap', 'd']), { namespace: undefined });
  assert.equal(homeless?.state, 'failed');
});

test('[YE7] what is there is applied, and fields of others are taken, only when told', async () => {
  const server = new Server(['b'], ['b']);
  const yaml = text(['ConfigMap', 'b']);
  assert.equal((await run(server, yaml))[0]?.state, 'exists');
  assert.equal((await run(server, yaml, { ways: new Map([[0, 'apply']]) }))[0]?.state, 'owned');
  assert.equal((await run(server, yaml, { ways: new Map([[0, 'force']]) }))[0]?.state, 'will-apply');
});

test('[YE7] making ends at the first that fails: what follows may need it', async () => {
  const server = new Server(['b']);
  const steps = await run(server, text(['ConfigMap', 'a'], ['ConfigMap', 'b'], ['ConfigMap', 'c']), {
    dryRun: false,
  });
  assert.deepEqual(
    steps.map(({ state }) => state),
    ['created', 'exists'],
  );
});

test('[YE7] what goes into a namespace that an earlier document makes cannot be tried, and hinders nothing', async () => {
  const both = text(['Namespace', 'new'], ['ConfigMap', 'c']);
  const states = async (server: Server, yaml: string, more: object = {}) =>
    (await run(server, yaml, { namespace: 'new', ...more })).map(({ state }) => state);
  assert.deepEqual(await states(new Server(), both), ['will-create', 'will-follow']);
  assert.deepEqual(await states(new Server(), both, { dryRun: false }), ['created', 'created']);
  assert.deepEqual(await states(new Server(['new']), both), ['exists', 'failed']);
  const other = text(['Namespace', 'old'], ['ConfigMap', 'c']);
  assert.deepEqual(await states(new Server(), other), ['will-create', 'failed']);
  const behind = text(['ConfigMap', 'c'], ['Namespace', 'new']);
  assert.deepEqual(await states(new Server(), behind), ['failed', 'will-create']);
});
