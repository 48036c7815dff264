import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as fc from 'fast-check';
import { formatObjectUrl, objectHref, OBJECT_TABS, readObjectUrl } from './object-href.ts';

test('[OP1] the address of an object says kind, name and namespace, and restores what shows', () => {
  assert.equal(objectHref('pods', 'team-a', 'web-1'), '/resource/pods/web-1?ns=team-a');
  assert.equal(objectHref('v1/nodes', undefined, 'n1', 'yaml'), '/resource/v1/nodes/n1?tab=yaml');
  const role = objectHref('rbac.authorization.k8s.io/v1/clusterroles', undefined, 'system:a b');
  assert.equal(role, '/resource/rbac.authorization.k8s.io/v1/clusterroles/system:a%20b');
});

test('[OP1] an address that was written is read as it was meant, whatever the name', () => {
  const url = fc.record({
    kind: fc.constantFrom('pods', 'v1/nodes', 'apps/v1/replicasets', 'a.example.com/v1beta1/things'),
    namespace: fc.option(fc.stringMatching(/^[a-z0-9-]{1,20}$/), { nil: undefined }),
    name: fc.string({ minLength: 1, unit: 'grapheme' }),
    tab: fc.constantFrom(...OBJECT_TABS),
    container: fc.option(fc.stringMatching(/^[a-z0-9-]{1,20}$/), { nil: undefined }),
    edit: fc.boolean(),
  });
  fc.assert(
    fc.property(url, (meant) => {
      const written = new URL(formatObjectUrl(meant), 'http://krateyard.test');
      // A lone dot or two are no names of the API and are eaten by every URL parser.
      fc.pre(meant.name !== '.' && meant.name !== '..');
      assert.deepEqual(readObjectUrl(written.pathname, written.search), { ...meant });
    }),
  );
});

test('[OP1] an address without an object, or a mangled one, is no error', () => {
  assert.equal(readObjectUrl('/resource', ''), undefined);
  assert.equal(readObjectUrl('/resource/pods', ''), undefined);
  assert.equal(readObjectUrl('/resource/pods/%E0%A4%A', '?tab=nonsense')?.name, '%E0%A4%A');
});
