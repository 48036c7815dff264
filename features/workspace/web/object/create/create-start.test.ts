import assert from 'node:assert/strict';
import { test } from 'node:test';
import { beginningOf, createStart } from './create-start.ts';
import { formOfKind } from './forms-by-kind.ts';

const nothing = { kind: null, template: null };
const deployment = formOfKind('deployments')!;
const configMap = formOfKind('configmaps')!;
const typed = 'apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: mine\n';

test('[YE6] a draft in which somebody typed wins over a form and over a kind that was asked for', () => {
  const other = createStart({ kind: 'deployments', template: null }, typed);
  assert.deepEqual(other, { text: typed, form: undefined, asked: { form: deployment }, kept: true });
  const same = createStart({ kind: null, template: 'configmap' }, typed);
  assert.deepEqual(same, { text: typed, form: configMap, asked: { form: configMap }, kept: true });
  const custom = createStart({ kind: 'a.example.com/v1/widgets', template: null }, typed);
  assert.deepEqual(
    [custom.text, custom.asked, custom.kept],
    [typed, { kind: 'a.example.com/v1/widgets' }, true],
  );
});

test('[YE6] what is as it was begun, or empty, gives way', () => {
  for (const draft of ['', '\n', beginningOf(configMap), 'apiVersion: v1\nkind: A\nmetadata:\n  name: \n']) {
    const start = createStart({ kind: 'deployments', template: null }, draft);
    assert.deepEqual([start.text, start.form, start.kept], [beginningOf(deployment), deployment, false]);
    const custom = createStart({ kind: 'a.example.com/v1/widgets', template: null }, draft);
    assert.deepEqual([custom.text, custom.asked?.kind, custom.kept], ['', 'a.example.com/v1/widgets', false]);
  }
});

test('[YE6] without anything asked for the draft is there as it is', () => {
  for (const draft of ['', typed, beginningOf(configMap)])
    assert.deepEqual(createStart(nothing, draft), {
      text: draft,
      form: undefined,
      asked: undefined,
      kept: false,
    });
});
