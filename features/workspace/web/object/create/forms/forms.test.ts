import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as fc from 'fast-check';
import { readDocuments } from '../documents.ts';
import { templateOfKind, TEMPLATES } from '../templates.ts';
import { firstValues, problemsOf, type CreateForm, type FormValues } from './form-spec.ts';
import { formText } from './form-text.ts';

const FORMS = TEMPLATES.flatMap(({ form }) => (form ? [form] : []));
const formOf = (id: string): CreateForm => FORMS.find((form) => form.id === id)!;
const textOf = (id: string, values: FormValues): string =>
  formText(formOf(id), { ...firstValues(formOf(id)), ...values });

test('[YE8] every form begins without a problem, and makes objects of its kind', () => {
  assert.ok(FORMS.length >= 9);
  for (const form of FORMS) {
    assert.deepEqual(problemsOf(form, firstValues(form)), {}, form.id);
    const [first] = readDocuments(formText(form, firstValues(form)));
    assert.equal(`${first!.kind.toLowerCase()}s`, form.kind.split('/')[1]!.replace('ingresses', 'ingresss'));
  }
});

test('[YE8] whatever is typed, the text is YAML, and what was typed stands in it', () => {
  fc.assert(
    fc.property(fc.constantFrom(...FORMS), fc.string({ unit: 'binary' }), (form, typed) => {
      const values = Object.fromEntries(form.fields.map(({ name }) => [name, typed]));
      for (const { problem } of readDocuments(formText(form, values))) assert.equal(problem, undefined);
      assert.doesNotThrow(() => problemsOf(form, values));
    }),
  );
  const values = { name: 'a: b', data: 'KEY=#no comment\nOTHER=- x' };
  const [map] = readDocuments(textOf('configmap', values));
  assert.equal(map!.name, 'a: b');
  assert.deepEqual((map!.object as { data?: unknown }).data, { KEY: '#no comment', OTHER: '- x' });
});

test('[YE8] what was left empty is not in the object, what is set is', () => {
  const bare = textOf('deployment', { cpu: '', memory: '', memoryLimit: '', service: '' });
  assert.ok(!/resources|Service|command|env/.test(bare), bare);
  const full = textOf('deployment', { command: 'sleep 1', environment: 'A=1\n\nB=x=y', replicas: '3' });
  assert.match(full, /replicas: 3\n/);
  assert.match(full, /- name: B\n\s+value: x=y/);
  assert.match(full, /- sleep 1/);
  assert.match(full, /kind: Service/);
});

test('[YE8] what is wrong with a field is said of that field, where it shows', () => {
  const form = formOf('deployment');
  const wrong = { ...firstValues(form), name: 'Web', image: ' ', replicas: '-1', memory: 'much' };
  const fields = (values: FormValues): readonly string[] => Object.keys(problemsOf(form, values));
  assert.deepEqual(fields(wrong), ['name', 'image', 'replicas', 'memory']);
  assert.deepEqual(fields({ ...firstValues(form), servicePort: 'x' }), ['servicePort']);
  assert.deepEqual(fields({ ...firstValues(form), servicePort: 'x', service: '' }), []);
});

test('[YE8] the form of a kind is found by its path, of another group with the same plural is none', () => {
  for (const path of ['deployments', 'apps/v1/deployments'])
    assert.equal(templateOfKind(path)?.id, 'deployment');
  assert.equal(templateOfKind('v1/secrets')?.id, 'secret');
  assert.equal(templateOfKind('batch/v1/jobs')?.id, 'job');
  for (const path of ['', 'acme.example/v1/services', 'v1/nodes', 'roles'])
    assert.equal(templateOfKind(path), undefined);
});
