import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as fc from 'fast-check';
import { formatView, readView } from './view-url.ts';

test('an address gives back the view that it was made from', () => {
  const text = fc.string({ unit: 'grapheme', maxLength: 30 });
  const name = fc.stringMatching(/^[a-z0-9]([-a-z0-9]{0,20}[a-z0-9])?$/);
  const view = fc.record({
    kind: fc.constantFrom('pods', 'apps/v1/replicasets', 'krates.example.com/v1/krates'),
    namespaces: fc.array(name, { maxLength: 4 }),
    filter: text,
    sort: fc.option(fc.constantFrom('name', '-age'), { nil: undefined }),
    open: fc.option(
      fc.tuple(name, name).map((parts) => parts.join('/')),
      { nil: undefined },
    ),
    tab: fc.constant('summary' as const),
  });
  fc.assert(
    fc.property(view, (before) => {
      const address = new URL(formatView(before), 'http://console');
      assert.deepEqual(readView(address.pathname, address.search), { ...before });
    }),
  );
});

test('what is by default does not stand in the address', () => {
  assert.equal(formatView({ kind: 'pods', namespaces: [], filter: '', tab: 'yaml' }), '/resources/pods');
  assert.equal(
    formatView({ kind: 'pods', namespaces: ['a', 'b'], filter: 'label=x=y', open: 'a/web-0', tab: 'yaml' }),
    '/resources/pods?ns=a,b&q=label%3Dx%3Dy&open=a/web-0&tab=yaml',
  );
});
