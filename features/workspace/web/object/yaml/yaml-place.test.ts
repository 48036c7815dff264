import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as fc from 'fast-check';
import type { KindSchema } from '../../../contract/kind-schema.ts';
import { changeTo, indentAfter } from '@krateyard/ui/editor/code-editor';
import { nodeAt, typeWords } from './schema-walk.ts';
import { pathOfLine, placeIn, type Lines } from './yaml-place.ts';

const linesOf = (text: string): Lines => {
  const all = text.split('\n');
  return { count: all.length, line: (number) => all[number - 1] ?? '' };
};

/** The place of `|` in a text. */
function place(text: string): { path: string; at: string; typed: string; siblings: string } {
  const before = text.slice(0, text.indexOf('|'));
  const number = before.split('\n').length;
  const column = before.length - before.lastIndexOf('\n') - 1;
  const { path, at, typed, siblings } = placeIn(linesOf(text.replace('|', '')), number, column);
  return { path: path.join(' '), at, typed, siblings: [...siblings].toSorted().join(' ') };
}

const POD = `apiVersion: v1
metadata:
  name: x
  labels:
    "a/b": c
spec:
  containers:
  - name: web
    image: nginx
    ports:
      - containerPort: 80
        name: http
  - name: log
  restartPolicy: Always
`;

test('[YE2] a line knows the path of its key, lists at both usual indentations', () => {
  const paths = POD.split('\n').map((_, index) => pathOfLine(linesOf(POD), index + 1)?.join(' '));
  assert.deepEqual(paths, [
    'apiVersion',
    'metadata',
    'metadata name',
    'metadata labels',
    'metadata labels a/b',
    'spec',
    'spec containers',
    'spec containers - name',
    'spec containers - image',
    'spec containers - ports',
    'spec containers - ports - containerPort',
    'spec containers - ports - name',
    'spec containers - name',
    'spec restartPolicy',
    undefined,
  ]);
});

test('[YE2] where a key or a value is typed, its mapping and what it has already are known', () => {
  assert.deepEqual(place('spec:\n  re|\n  paused: true\n'), {
    path: 'spec',
    at: 'key',
    typed: 're',
    siblings: 'paused',
  });
  assert.deepEqual(place('spec:\n  containers:\n  - name: a\n    |\n'), {
    path: 'spec containers -',
    at: 'key',
    typed: '',
    siblings: 'name',
  });
  assert.deepEqual(place('spec:\n  containers:\n    - na|\n      image: x\n'), {
    path: 'spec containers -',
    at: 'key',
    typed: 'na',
    siblings: 'image',
  });
  assert.deepEqual(place('spec:\n  restartPolicy: Al|'), {
    path: 'spec restartPolicy',
    at: 'value',
    typed: 'Al',
    siblings: '',
  });
  assert.deepEqual(place('|'), { path: '', at: 'key', typed: '', siblings: '' });
  assert.equal(place('a:\n  b: 1\n---\nkind: x\n  |').path, 'kind');
});

test('[YE1] a new line begins where YAML goes on, and a new text changes no more than it must', () => {
  assert.deepEqual(
    ['spec:', '  - name: x', '  image: a:b', '    run: |', '', '- a:'].map(indentAfter),
    [2, 4, 2, 6, 0, 4],
  );
  assert.deepEqual(changeTo('abcd', 'abXd'), { from: 2, to: 3, insert: 'X' });
  assert.equal(changeTo('a', 'a'), undefined);
  fc.assert(
    fc.property(fc.string(), fc.string(), (before, after) => {
      const change = changeTo(before, after);
      const end = change?.to ?? before.length;
      const changed = change
        ? before.slice(0, change.from) + String(change.insert) + before.slice(end)
        : before;
      assert.equal(changed, after);
    }),
  );
});

test('[YE2] any text at all has places and no error', () => {
  fc.assert(
    fc.property(
      fc.array(fc.stringMatching(/^[ \t:#"'\-a-c{}[\]|>&*!]{0,12}$/), { maxLength: 8 }),
      fc.nat(8),
      fc.nat(12),
      (lines, number, column) => {
        const text = linesOf(lines.join('\n'));
        placeIn(text, Math.min(number + 1, text.count), column);
        pathOfLine(text, Math.min(number + 1, text.count));
      },
    ),
  );
});

test('[YE2] the schema is found along a path, through references, lists and maps', () => {
  const schema: KindSchema = {
    root: { ref: 'Pod' },
    definitions: {
      Pod: { type: 'object', properties: { spec: { ref: 'Spec', description: 'What is wanted.' } } },
      Spec: {
        type: 'object',
        description: 'A spec.',
        properties: {
          containers: { type: 'array', items: { ref: 'Container' } },
          labels: { type: 'object', additional: { type: 'string' } },
          self: { ref: 'Spec' },
        },
      },
      Container: { type: 'object', properties: { image: { type: 'string' } } },
    },
  };
  assert.equal(nodeAt(schema, ['spec'])?.description, 'What is wanted.');
  assert.equal(nodeAt(schema, ['spec', 'self', 'self', 'containers', '-', 'image'])?.type, 'string');
  assert.equal(nodeAt(schema, ['spec', 'labels', 'anything'])?.type, 'string');
  assert.equal(nodeAt(schema, ['spec', 'none']), undefined);
  assert.equal(typeWords(schema, nodeAt(schema, ['spec', 'containers'])!), 'list of Container');
});
