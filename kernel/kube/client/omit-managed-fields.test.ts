import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as fc from 'fast-check';
import { omitManagedFields } from './omit-managed-fields.ts';

const cut = (json: string): string => omitManagedFields(Buffer.from(json)).toString();

for (const [name, before, after] of [
  ['the only member', '{"managedFields":[{"a":"]"}]}', '{}'],
  ['the first member', '{"managedFields":[[1],{"b":"\\"]"}],"a":1}', '{"a":1}'],
  ['the last member', '{"a":1,"managedFields":[]}', '{"a":1}'],
  [
    'in every item',
    '[{"a":1,"managedFields":[1],"b":2},{"managedFields":[2],"c":3}]',
    '[{"a":1,"b":2},{"c":3}]',
  ],
  ['not as text', '{"a":"\\"managedFields\\":[1]"}', '{"a":"\\"managedFields\\":[1]"}'],
  [
    'not in a key that ends like it',
    '{"x\\"managedFields":[1],"managedFields":[2]}',
    '{"x\\"managedFields":[1]}',
  ],
  ['not another type', '{"managedFields":{"type":"array"}}', '{"managedFields":{"type":"array"}}'],
  ['not what never ends', '{"managedFields":[1,', '{"managedFields":[1,'],
] as const) {
  test(`[KC19] cuts ${name}`, () => assert.equal(cut(before), after));
}

test('[KC19] whatever stands around it stays', () => {
  const keys = fc.oneof(
    fc.string(),
    fc.constantFrom('managedFields', '"managedFields":[', '\\"managedFields'),
  );
  const values = fc.letrec((tie) => ({
    value: fc.oneof(
      fc.string(),
      fc.integer(),
      fc.constant(null),
      fc.constant('"managedFields":['),
      fc.array(tie('value'), { maxLength: 3 }),
      fc.dictionary(keys, tie('value'), { maxKeys: 4 }),
    ),
  })).value;
  const without = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(without);
    if (typeof value !== 'object' || value === null) return value;
    const kept = Object.entries(value).filter(
      ([key, member]) => key !== 'managedFields' || !Array.isArray(member),
    );
    return Object.fromEntries(kept.map(([key, member]) => [key, without(member)]));
  };
  fc.assert(
    fc.property(values, (value) => {
      const json = JSON.stringify(value);
      assert.deepEqual(JSON.parse(cut(json)), without(JSON.parse(json)));
    }),
    { numRuns: 2000 },
  );
});
