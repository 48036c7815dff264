import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as fc from 'fast-check';
import { readDocuments } from './documents.ts';
import { formText } from './forms/form-text.ts';
import { firstValues } from './forms/form-spec.ts';
import { FORMS } from './forms-by-kind.ts';

test('[YE7] several documents are read, each with its lines; empty ones are none', () => {
  const text = `# only a comment
---
apiVersion: v1
kind: ConfigMap
metadata: {name: a, namespace: x}
---

--- # another
apiVersion: v1
kind: Secret
metadata:
  generateName: b-
`;
  assert.deepEqual(
    readDocuments(text).map(({ kind, name, namespace, firstLine, problem }) => [
      kind,
      name,
      namespace,
      firstLine,
      problem,
    ]),
    [
      ['ConfigMap', 'a', 'x', 3, undefined],
      ['Secret', 'b-', undefined, 9, undefined],
    ],
  );
  assert.deepEqual(readDocuments(''), []);
});

test('[YE7] a document that is none says why and where, and does not hinder the others', () => {
  const text = 'kind: X\n---\na: [\n---\n- 1\n---\napiVersion: v1\nkind: Y\nmetadata: {name: y}\n';
  const [noMetadata, broken, list, well] = readDocuments(text);
  assert.equal(noMetadata?.problem?.at, 0);
  assert.ok((broken?.problem?.at ?? 0) >= text.indexOf('a: ['));
  assert.equal(list?.problem?.at, text.indexOf('- 1'));
  assert.equal(well?.object?.metadata.name, 'y');
});

test('[YE7] no text is an error', () => {
  fc.assert(
    fc.property(fc.stringMatching(/^[-:a-c \n{[&*!|>'"#]{0,40}$/), (text) => void readDocuments(text)),
  );
});

test('[YE7] what every form makes at first is read as it stands', () => {
  for (const form of FORMS) {
    const documents = readDocuments(formText(form, firstValues(form)));
    assert.equal(documents.length, form.parts.length);
    for (const { problem, name, kind } of documents) {
      assert.equal(problem, undefined);
      assert.ok(name !== '' && kind !== '');
    }
  }
});

test('[YE7] a document knows where it stands in the text', () => {
  const text = '# x\n---\nkind: A\n---\nkind: B\n';
  assert.deepEqual(
    readDocuments(text).map(({ from, to }) => text.slice(from, to)),
    ['kind: A', 'kind: B\n'],
  );
});
