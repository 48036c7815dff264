import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as fc from 'fast-check';
import { dump, load } from 'js-yaml';
import { applyEdits } from './text-edit.ts';
import { yamlEdits } from './yaml-edits.ts';

const TEXT = `# what it is
apiVersion: v1   # the first
kind: Thing
metadata: {name: web, labels: {a: b}} # in one line
spec:
  # how many
  replicas: 2 # not more
  'quoted': "old"
  script: |
    one
    two

  list:
  - name: first # item
    image: a:1
  - name: second
    image: b:1
  empty: {}
  nothing:
`;

type Thing = { metadata: Record<string, unknown>; spec: Record<string, unknown> };

/** The text after its object was changed. */
function changed(change: (thing: Thing) => void, text = TEXT): string {
  const object = load(text) as Thing;
  change(object);
  const after = applyEdits(text, yamlEdits(text, object)!);
  assert.deepEqual(load(after), object);
  return after;
}

test('[YE9] only what is changed is written: all other lines and comments stay', () => {
  const swap = (from: string, to: string, change: (thing: Thing) => void): void =>
    assert.equal(changed(change), TEXT.replace(from, to));
  swap('replicas: 2 #', 'replicas: 3 #', ({ spec }) => (spec['replicas'] = 3));
  swap('"old"', 'new', ({ spec }) => (spec['quoted'] = 'new'));
  swap(
    'image: b:1',
    'image: c:2',
    ({ spec }) =>
      (spec['list'] = [
        { name: 'first', image: 'a:1' },
        { name: 'second', image: 'c:2' },
      ]),
  );
  swap('  \'quoted\': "old"\n', '', ({ spec }) => delete spec['quoted']);
  swap('{name: web, labels: {a: b}}', '{name: api, labels: {a: b}}', ({ metadata }) => {
    metadata['name'] = 'api';
  });
  swap('  empty: {}', '  empty:\n    a: b', ({ spec }) => (spec['empty'] = { a: 'b' }));
  swap('  nothing:\n', '  nothing: 1\n', ({ spec }) => (spec['nothing'] = 1));
  swap('  nothing:\n', '  nothing:\n  more:\n    - 1\n', ({ spec }) => (spec['more'] = [1]));
  swap('    one\n    two\n\n', '    three\n\n', ({ spec }) => (spec['script'] = 'three\n'));
  swap('name: first # item\n    ', '', ({ spec }) => {
    delete (spec['list'] as Record<string, unknown>[])[0]!['name'];
  });
  swap('  \'quoted\': "old"\n', '  renamed: old\n', ({ spec }) => {
    delete spec['quoted'];
    spec['renamed'] = 'old';
  });
  assert.deepEqual(yamlEdits(TEXT, load(TEXT) as object), []);
});

test('[YE9] where aliases make it impossible the document is written anew, and says the same', () => {
  const text = 'metadata: &m\n  name: a\nspec: *m\n';
  assert.deepEqual(load(changed(({ metadata }) => (metadata['more'] = 1), text)), {
    metadata: { name: 'a', more: 1 },
    spec: { name: 'a', more: 1 },
  });
  assert.equal(yamlEdits('a: [', {}), undefined);
});

const key = fc.constantFrom('a', 'b', 'c', 'd e', 'f: g', '#h', '-', '1', 'null', '');
const scalar = fc.oneof(
  fc.string({ unit: 'grapheme', maxLength: 12 }),
  fc.integer(),
  fc.boolean(),
  fc.constant(null),
  fc.constantFrom('a\nb', ' x\n\ny\n', 'true', '0x1', '- a', 'a: b', '# c', '|', '---'),
);
const tree = fc.letrec((tie) => ({
  value: fc.oneof({ maxDepth: 4 }, scalar, tie('map'), fc.array(tie('value'), { maxLength: 3 })),
  map: fc.dictionary(key, tie('value'), { maxKeys: 4, noNullPrototype: true }),
}));

test('[YE9] whatever one object says, its text can be made to say another', () => {
  const flow = fc.constantFrom(-1, 0, 1, 2);
  fc.assert(
    fc.property(
      tree['map'] as fc.Arbitrary<object>,
      tree['map'] as fc.Arbitrary<object>,
      flow,
      fc.boolean(),
      (before, after, flowLevel, seqNoIndent) => {
        const text = dump(before, { flowLevel, seqNoIndent });
        const edits = yamlEdits(text, after)!;
        for (const [index, { from, to }] of edits.entries()) {
          assert.ok(from <= to && to <= (edits[index + 1]?.from ?? text.length));
        }
        assert.deepEqual(load(applyEdits(text, edits)), after);
      },
    ),
    { numRuns: 500 },
  );
});
