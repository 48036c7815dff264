import assert from 'node:assert/strict';
import { test } from 'node:test';

import * as fc from 'fast-check';

import { canonicalQuantity, formatQuantity, parseQuantity, quantityValue } from './quantity.ts';

const CANONICAL: [string | number, string][] = [
  ['1000m', '1'],
  ['0.5', '500m'],
  [1, '1'],
  [0.1, '100m'],
  ['1500m', '1500m'],
  ['1024Mi', '1Gi'],
  ['1.5Gi', '1536Mi'],
  ['512Ki', '512Ki'],
  ['1.1Gi', '1181116006400m'],
  ['100Ki', '100Ki'],
  ['1000', '1k'],
  ['1000000000', '1G'],
  ['1e3', '1e3'],
  ['12e6', '12e6'],
  ['0', '0'],
  ['0Mi', '0'],
  ['-1', '-1'],
  ['1E', '1E'],
  ['.5', '500m'],
  ['5.', '5'],
];

for (const [text, expected] of CANONICAL)
  test(`a quantity of ${text} is written ${expected}`, () => {
    assert.equal(canonicalQuantity(text), expected);
  });

test('what is no quantity is told', () => {
  for (const text of ['', '.', 'x', '1x', '1 Gi', '--1', '1KI', 'Gi'])
    assert.equal(parseQuantity(text), undefined, text);
  assert.ok(Number.isNaN(quantityValue('x')));
});

test('writing a quantity keeps its value, and writing it again its text', () => {
  const suffix = fc.constantFrom('', 'm', 'u', 'n', 'k', 'M', 'G', 'Ki', 'Mi', 'Gi', 'Ti', 'e3', 'e-3');
  fc.assert(
    fc.property(fc.integer({ min: -100_000, max: 100_000 }), suffix, (number, unit) => {
      const quantity = parseQuantity(`${number}${unit}`)!;
      const text = formatQuantity(quantity);
      assert.equal(parseQuantity(text)?.nano, quantity.nano);
      assert.equal(canonicalQuantity(text), text);
    }),
  );
});
