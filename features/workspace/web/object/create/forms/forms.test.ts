import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as fc from 'fast-check';
import { applyEdits } from '../../yaml/text-edit.ts';
import { readDocuments } from '../documents.ts';
import { formOfKind, FORMS, formsOf } from '../forms-by-kind.ts';
import { causesByField } from './field-causes.ts';
import { textOf as fieldText, type Entry, type FieldValue } from './field-shapes.ts';
import { objectsOf, putField, readForm, saysTheSame, type FormObjects } from './form-objects.ts';
import { firstValues, problemsOf, type CreateForm, type FormField, type FormValues } from './form-spec.ts';
import { documentsOf, formEdits, formText } from './form-text.ts';
import { valueAt, withValue } from './object-path.ts';

const formOf = (id: string): CreateForm => FORMS.find((form) => form.id === id)!;
const textOf = (id: string, values: FormValues): string =>
  formText(formOf(id), { ...firstValues(formOf(id)), ...values });
const inText = (form: CreateForm, text: string): FormObjects =>
  documentsOf(form, readDocuments(text)).map((document) => document?.object);

/** The text after one field of its form was changed. */
function put(form: CreateForm, text: string, name: string, value: FieldValue): string {
  const documents = readDocuments(text);
  const before = documentsOf(form, documents).map((document) => document?.object);
  return applyEdits(text, formEdits(text, form, documents, putField(form, before, name, value)));
}

/** No digits alone: a map puts those first. */
const word = fc.stringMatching(/^[a-z][-a-z0-9]{0,8}$/);
const entries = fc.uniqueArray(
  fc.record({ key: word, value: fc.string({ maxLength: 12 }) }, { noNullPrototype: true }),
  {
    selector: ({ key }) => key,
    maxLength: 4,
  },
);
const labels = fc.uniqueArray(fc.record({ key: word, value: word }, { noNullPrototype: true }), {
  selector: ({ key }) => key,
  maxLength: 3,
});

/** What may stand in a field and is read from an object as it is; names stay names, as others follow them. */
function valueOf({ control, options, first, name }: FormField): fc.Arbitrary<FieldValue> {
  if (control === 'flag') return fc.constantFrom('', 'yes');
  if (control === 'choice') return fc.constantFrom(...options!);
  if (control === 'entries') return name === 'from' || name === 'selects' ? labels : entries;
  if (fieldText(first).includes(',')) return fc.array(word, { maxLength: 4 }).map((all) => all.join(', '));
  return fc.oneof(
    word,
    fc.nat().map(String),
    fc.constant(''),
    fc.constantFrom('0x1', '007', '1e3', '- a', '#'),
  );
}

const valuesOf = (form: CreateForm): fc.Arbitrary<FormValues> =>
  fc.record(Object.fromEntries(form.fields.map((field) => [field.name, valueOf(field)])));

test('[YE8] every form begins without a problem, and makes objects of its kind', () => {
  assert.ok(FORMS.length >= 19);
  assert.equal(new Set(FORMS.map(({ id }) => id)).size, FORMS.length);
  for (const form of FORMS) {
    assert.deepEqual(problemsOf(form, firstValues(form)), {}, form.id);
    const [first] = readDocuments(formText(form, firstValues(form)));
    const plural = form.kind.split('/')[1]!;
    assert.equal(formOfKind(plural), form);
    assert.ok(plural.startsWith(first!.kind.toLowerCase().replace(/y$/, '')));
    assert.deepEqual(formsOf([first!]), [FORMS.find(({ parts }) => parts[0]!.kind === first!.kind)]);
  }
});

test('[YE9] of every kind the form is read from its objects as it was', () => {
  for (const form of FORMS) {
    fc.assert(
      fc.property(valuesOf(form), (values) => {
        const text = formText(form, values);
        for (const objects of [objectsOf(form, values), inText(form, text)]) {
          const { values: read, odd, longer } = readForm(form, objects);
          assert.deepEqual([[...odd], [...longer]], [[], []]);
          for (const field of form.fields) {
            const made = objects[field.at.part] !== undefined || field.at.path.length === 0;
            if (made) assert.deepEqual(read[field.name], values[field.name], `${form.id}.${field.name}`);
          }
        }
      }),
      { numRuns: 40 },
    );
  }
});

test('[YE9] whatever is put into a field stands there, and nothing that no field knows is changed', () => {
  for (const form of FORMS) {
    fc.assert(
      fc.property(
        valuesOf(form),
        fc.constantFrom(...form.fields.filter(({ at }) => at.path.length > 0)),
        fc.string({ unit: 'binary', maxLength: 20 }),
        (values, field, typed) => {
          const start = `# mine\n${formText(form, values)}status: # what no field knows\n  a: [1]\n`;
          const next: FieldValue = field.control === 'entries' ? [{ key: 'k', value: typed }] : typed;
          const text = put(form, start, field.name, next);
          const objects = inText(form, text);
          if (!objects[field.at.part]) return;
          assert.ok(saysTheSame(field, objects, next), `${form.id}.${field.name}`);
          assert.deepEqual(valueAt(readDocuments(text).at(-1)!.object, ['status']), { a: [1] });
          assert.ok(text.includes('# mine') && text.includes('status: # what no field knows'));
          // Back again: everything is as it was, but for places that went with it.
          const back = put(form, text, field.name, values[field.name]!);
          assert.deepEqual(inText(form, back), inText(form, start));
        },
      ),
      { numRuns: 30 },
    );
  }
});

test('[YE9] fields that no form knows survive every change of one that it knows', () => {
  const form = formOf('deployment');
  let objects = objectsOf(form, firstValues(form));
  const unknown = [
    ['metadata', 'annotations', 'a.b/c'],
    ['spec', 'strategy', 'type'],
    ['spec', 'template', 'spec', 'containers', 0, 'livenessProbe', 'exec', 'command'],
    ['spec', 'template', 'spec', 'containers', 0, 'resources', 'limits', 'ephemeral-storage'],
    ['spec', 'template', 'spec', 'nodeSelector', 'disk'],
  ] as const;
  for (const path of unknown) objects = objects.with(0, withValue(objects[0], path, 'kept'));
  for (const { name, control } of form.fields) {
    objects = putField(form, objects, name, control === 'entries' ? [] : '');
    for (const path of unknown) assert.equal(valueAt(objects[0], path), 'kept', name);
  }
});

test('[YE9] a name goes on to the places that had it, and not to those that somebody gave another', () => {
  const form = formOf('deployment');
  const text = put(
    form,
    textOf('deployment', {}).replace('- name: web', '- name: main # mine'),
    'name',
    'api',
  );
  assert.equal(text.match(/name: api\n/g)?.length, 7);
  assert.match(text, /- name: main # mine/);
  assert.ok(!text.includes('web'));
});

test('[YE9] what is changed by hand shows in its field; what a field cannot show is said, and kept', () => {
  const form = formOf('deployment');
  const text = textOf('deployment', {})
    .replace('replicas: 2', 'replicas: 5')
    .replace('image: nginx:1.29', 'image: [a, b]')
    .replace(
      'readinessProbe',
      'command: [run]\n          env: [{name: A, value: b}, {name: B, valueFrom: {x: y}}]\n          readinessProbe',
    );
  const { values, odd, unshown } = readForm(form, inText(form, text));
  assert.deepEqual(unshown, [{ label: 'Environment', items: 1 }]);
  assert.equal(values['replicas'], '5');
  assert.deepEqual([...odd], ['image', 'command']);
  assert.deepEqual(values['environment'], [{ key: 'A', value: 'b' }]);
  const next = put(form, text, 'environment', [{ key: 'C', value: 'd' }]);
  const [made] = inText(form, next);
  const container = ['spec', 'template', 'spec', 'containers', 0] as const;
  assert.deepEqual(valueAt(made, [...container, 'image']), ['a', 'b']);
  assert.deepEqual(valueAt(made, [...container, 'env']), [
    { name: 'C', value: 'd' },
    { name: 'B', valueFrom: { x: 'y' } },
  ]);
});

test('[YE9] a list of several shows its first item, says so, and keeps the others', () => {
  const form = formOf('service');
  const text = `${textOf('service', {}).trimEnd()}\n    - {name: admin, port: 9}\n`;
  const { longer } = readForm(form, inText(form, text));
  assert.deepEqual(longer, [{ part: 0, path: 'spec.ports', items: 2 }]);
  assert.deepEqual(valueAt(inText(form, put(form, text, 'port', '81'))[0], ['spec', 'ports']), [
    { name: 'http', port: 81, targetPort: 80 },
    { name: 'admin', port: 9 },
  ]);
});

test('[YE9] a flag adds a document behind the others and takes it away again, with its dashes', () => {
  const form = formOf('deployment');
  const both = textOf('deployment', { name: 'api' });
  const one = textOf('deployment', { name: 'api', service: '' });
  assert.equal(put(form, both, 'service', ''), one);
  assert.equal(put(form, one, 'service', 'yes'), both);
  const third = `${both}---\nkind: Other\n`;
  const without = put(form, third, 'service', '');
  assert.equal(without, `${one}---\nkind: Other\n`);
  assert.equal(put(form, without, 'service', 'yes'), third);
  const namespace = formOf('namespace');
  const text = put(namespace, textOf('namespace', { quota: '' }), 'quota', 'yes');
  assert.equal(text, textOf('namespace', {}));
});

test('[YE9] what was put in first and taken out again leaves nothing behind', () => {
  const form = formOf('namespace');
  const text = textOf('namespace', { cpu: '', memory: '', pods: '' });
  assert.equal(put(form, put(form, text, 'pods', '5'), 'pods', ''), text);
});

test('[YE8] whatever is typed, the text is YAML, and what was typed stands in it', () => {
  fc.assert(
    fc.property(fc.constantFrom(...FORMS), fc.string({ unit: 'binary' }), (form, typed) => {
      const row: readonly Entry[] = [{ key: typed, value: typed }];
      const values = Object.fromEntries(
        form.fields.map(({ name, control }) => [name, control === 'entries' ? row : typed]),
      );
      for (const { problem } of readDocuments(formText(form, values))) assert.equal(problem, undefined);
      assert.doesNotThrow(() => problemsOf(form, values));
    }),
  );
  const rows = [
    { key: 'KEY', value: '#no comment' },
    { key: 'FILE', value: '- x\ny: z\n' },
  ];
  const [map] = readDocuments(textOf('configmap', { name: 'a: b', data: rows }));
  assert.equal(map!.name, 'a: b');
  assert.deepEqual((map!.object as { data?: unknown }).data, { KEY: '#no comment', FILE: '- x\ny: z\n' });
});

test('[YE8] what was left empty is not in the object, what is set is', () => {
  const bare = textOf('deployment', { cpu: '', memory: '', memoryLimit: '', service: '' });
  assert.ok(!/resources|Service|command|env/.test(bare), bare);
  const full = textOf('deployment', {
    command: 'sleep 1',
    environment: [
      { key: 'A', value: '1' },
      { key: '', value: '' },
      { key: 'B', value: 'x=y' },
    ],
    replicas: '3',
  });
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
  const twice = [
    { key: 'A', value: '1' },
    { key: 'A', value: '2' },
  ];
  assert.deepEqual(fields({ ...firstValues(form), environment: twice }), ['environment']);
});

test('[YE10] what the API server says of a field stands at the field that has its place', () => {
  const form = formOf('deployment');
  const { byField, others } = causesByField(form, [
    { part: 0, field: 'spec.template.spec.containers[0].image', message: 'no image' },
    { part: 0, field: 'spec.template.spec.containers[0].env[2].name', message: 'no name' },
    { part: 0, field: 'metadata.labels[app.kubernetes.io/name]', message: 'too long' },
    { part: 1, field: 'spec.ports[0].port', message: 'no port' },
    { part: 1, field: 'spec.clusterIP', message: 'not so' },
  ]);
  assert.deepEqual(byField, {
    image: 'no image',
    environment: 'no name',
    name: 'too long',
    servicePort: 'no port',
  });
  assert.deepEqual(others, ['spec.clusterIP: not so']);
});

test('[YE10] what is said of a place that one field alone writes into stands at that field', () => {
  const form = formOf('deployment');
  const { byField, others } = causesByField(form, [
    { part: 0, field: 'metadata.labels', message: 'no label' },
    { part: 0, field: 'spec.selector', message: 'no selector' },
    { part: 0, field: 'spec', message: 'not so' },
    { part: 0, field: '', message: 'not at all' },
  ]);
  assert.deepEqual(byField, { name: 'no label; no selector' });
  assert.deepEqual(others, ['spec: not so', 'not at all']);
});

test('[YE8] the form of a kind is found by its path, of another group with the same plural is none', () => {
  for (const path of ['deployments', 'apps/v1/deployments']) assert.equal(formOfKind(path)?.id, 'deployment');
  assert.equal(formOfKind('v1/secrets')?.id, 'secret');
  assert.equal(formOfKind('batch/v1/jobs')?.id, 'job');
  assert.equal(formOfKind('pvcs')?.id, 'claim');
  for (const path of ['', 'acme.example/v1/services', 'v1/nodes', 'leases'])
    assert.equal(formOfKind(path), undefined);
});
