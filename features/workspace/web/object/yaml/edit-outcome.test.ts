import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ApiError } from '@krateyard/ui/live/api-client';
import type { LiveObject } from '@krateyard/ui/live/live-frames';
import { appliersOf, changesNothing, reviewEdit, type EditApi } from './edit-outcome.ts';
import { isFields } from './field-path.ts';

const configMap = (version: string, data: Record<string, string>, extra: object = {}): LiveObject => ({
  apiVersion: 'v1',
  kind: 'ConfigMap',
  metadata: { name: 'x', namespace: 'a', resourceVersion: version, uid: 'u', ...extra },
  data,
});

/** An API server with one object, which others may change before a write. */
class OneObject implements EditApi {
  object: LiveObject | undefined;
  readonly changesToCome: LiveObject[];

  constructor(object: LiveObject, ...changesToCome: LiveObject[]) {
    this.object = object;
    this.changesToCome = changesToCome;
  }

  read(): Promise<LiveObject> {
    return this.object ? Promise.resolve(this.object) : Promise.reject(failure(404, 'NotFound'));
  }

  patch(patch: unknown): ReturnType<EditApi['patch']> {
    this.object = this.changesToCome.shift() ?? this.object;
    if (!this.object) return Promise.reject(failure(404, 'NotFound'));
    const { metadata, data } = patch as { metadata: { resourceVersion: string }; data?: object };
    if (metadata.resourceVersion !== this.object.metadata['resourceVersion']) {
      return Promise.reject(failure(409, 'Conflict'));
    }
    const was = isFields(this.object['data']) ? this.object['data'] : {};
    return Promise.resolve({ object: { ...this.object, data: { ...was, ...data } }, warnings: ['careful'] });
  }
}

const failure = (code: number, reason: string): ApiError => new ApiError({ message: reason, reason, code });

test('[YE3] an edit is reviewed by a dry run against the version that it began from', async () => {
  const base = configMap('1', { a: '1' });
  const outcome = await reviewEdit(new OneObject(base), base, configMap('1', { a: '2' }));
  assert.equal(outcome.type, 'review');
  if (outcome.type !== 'review') return;
  assert.deepEqual(outcome.patch, { data: { a: '2' } });
  assert.deepEqual(outcome.warnings, ['careful']);
  assert.equal(changesNothing(outcome), false);
  assert.deepEqual(await reviewEdit(new OneObject(base), base, base), { type: 'nothing' });
});

test('[YE4] what was changed elsewhere meanwhile is joined, also when it changes twice', async () => {
  const base = configMap('1', { a: '1', b: '1', c: '1' });
  const api = new OneObject(
    base,
    configMap('2', { a: '1', b: '2', c: '1' }),
    configMap('3', { a: '1', b: '2', c: '2' }),
  );
  const outcome = await reviewEdit(api, base, configMap('1', { a: '9', b: '1', c: '1' }));
  assert.equal(outcome.type, 'review');
  if (outcome.type !== 'review') return;
  assert.deepEqual(outcome.mine['data'], { a: '9', b: '2', c: '2' });
  assert.equal(outcome.base.metadata['resourceVersion'], '3');
  assert.equal(outcome.joined, 2);
});

test('[YE4] a field that both changed is a conflict, and nothing of what was typed is lost', async () => {
  const base = configMap('1', { a: '1', b: '1' });
  const theirs = configMap('2', { a: 'theirs', b: '1' });
  const mine = configMap('1', { a: 'mine', b: '2' });
  const outcome = await reviewEdit(new OneObject(base, theirs), base, mine);
  assert.equal(outcome.type, 'conflict');
  if (outcome.type !== 'conflict') return;
  assert.deepEqual(
    outcome.conflicts.map(({ id, base: was, mine: my, theirs: their }) => [id, was, my, their]),
    [['data.a', '1', 'mine', 'theirs']],
  );
  assert.equal(outcome.mine, mine);
});

test('[YE4] an object that is gone, and one that may not be changed, are told as such', async () => {
  const base = configMap('1', { a: '1' });
  const api = new OneObject(base);
  api.object = undefined;
  assert.deepEqual(await reviewEdit(api, base, configMap('1', { a: '2' })), { type: 'gone' });
  const renamed = { ...base, metadata: { ...base.metadata, name: 'y' } };
  const outcome = await reviewEdit(new OneObject(base), base, renamed);
  assert.equal(outcome.type === 'refused' && outcome.status.reason, 'Invalid');
});

test('[YE5] fields that somebody applies from elsewhere are told with who does', async () => {
  const managedFields = [
    { manager: 'argocd', operation: 'Apply', fieldsV1: { 'f:data': { 'f:a': {} } } },
    { manager: 'krateyard', operation: 'Update', fieldsV1: { 'f:data': { 'f:a': {}, 'f:b': {} } } },
    { manager: 'kubectl-edit', operation: 'Update', fieldsV1: { 'f:data': { 'f:b': {} } } },
  ];
  const base = configMap('1', { a: '1', b: '1' }, { managedFields });
  const outcome = await reviewEdit(new OneObject(base), base, configMap('1', { a: '2', b: '2' }));
  assert.equal(outcome.type, 'review');
  if (outcome.type !== 'review') return;
  assert.deepEqual(
    outcome.changes.map(({ owners }) => owners.map(({ manager }) => manager)),
    [['argocd'], ['kubectl-edit']],
  );
  assert.deepEqual(appliersOf(outcome.changes), ['argocd']);
});
