import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as fc from 'fast-check';
import { dump } from 'js-yaml';
import { hasSecret, secretValues } from './secret-values.ts';

const shown = (text: string): string =>
  secretValues(text).reduceRight((rest, { from, to }) => `${rest.slice(0, from)}*${rest.slice(to)}`, text);

test('[YE11] values of a Secret are hidden, names and other documents are not', () => {
  const text = `kind: ConfigMap
data:
  a: open
---
kind: Secret
metadata: {name: x}
stringData:
  password: hunter2 # really
  "quoted": 'two'
  file: |
    line one

    line: two
  empty:
data: {a: b}
type: Opaque
---
data:
  c: open
kind: ConfigMap
`;
  assert.equal(
    shown(text),
    `kind: ConfigMap
data:
  a: open
---
kind: Secret
metadata: {name: x}
stringData:
  password: *
  "quoted": *
  file: |
    *

    *
  empty:
data: *
type: Opaque
---
data:
  c: open
kind: ConfigMap
`,
  );
  assert.deepEqual(secretValues('kind: ConfigMap\ndata: {a: b}'), []);
});

test('[YE11] no value of a Secret is left to be seen, however it is written', () => {
  const key = fc.stringMatching(/^[a-z][-._a-z0-9]{0,8}$/);
  const value = fc.stringMatching(/^SECRET[ -~\n]{0,30}$/);
  const written = fc.constantFrom<(object: object) => string>(
    (object) => dump(object, { lineWidth: -1 }),
    (object) => dump(object, { lineWidth: -1, flowLevel: 0 }),
    (object) => JSON.stringify(object),
    (object) => JSON.stringify(object, null, 2),
    (object) => JSON.stringify(object, null, 1).replaceAll(/^ +/gm, ''),
    (object) => dump({ apiVersion: 'v1', kind: 'List', items: [object] }, { lineWidth: -1 }),
  );
  fc.assert(
    fc.property(fc.dictionary(key, value), written, (stringData, write) => {
      const text = write({ apiVersion: 'v1', kind: 'Secret', stringData, type: 'Opaque' });
      assert.ok(hasSecret(text));
      assert.ok(!shown(text).includes('SECRET'), shown(text));
    }),
    { numRuns: 500 },
  );
});

test('[YE11] what is no Secret hides nothing', () => {
  for (const kind of ['SecretStore', 'ConfigMap', 'My.Secret', 'Secret-like']) {
    for (const text of [`kind: ${kind}\ndata:\n  a: b\n`, JSON.stringify({ kind, data: { a: 'b' } })]) {
      assert.deepEqual([hasSecret(text), secretValues(text)], [false, []], text);
    }
  }
});
