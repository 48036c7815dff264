import assert from 'node:assert/strict';
import { test } from 'node:test';
import { machineApi, readScreenAddress, screenHref, screenParams } from './screen-address.ts';
import { validScreenSettings } from './screen-settings.ts';

test('[SW8] what was stored and makes no sense is as usual', () => {
  const usual = { scaling: 'fit', keymap: 'us' };
  for (const found of [undefined, null, 3, 'x', [], { scaling: 'huge', keymap: 'xx' }])
    assert.deepEqual(validScreenSettings(found), usual);
  assert.deepEqual(validScreenSettings({ scaling: 'one', keymap: 'de' }), { scaling: 'one', keymap: 'de' });
});

test('[SW1] an address is written and read the same, and names are kept from being paths', () => {
  const address = { namespace: 'shop', name: 'web-0' };
  assert.deepEqual(readScreenAddress(screenParams(address)), address);
  assert.equal(screenHref(address), '/vms/shop/web-0/screen');
  assert.equal(screenHref({ namespace: 'a/b', name: '..?x' }), '/vms/a%2Fb/..%3Fx/screen');
  assert.equal(
    machineApi(address, 'vnc', { viewer: 'k&1' }),
    '/api/vms/web-0/vnc?namespace=shop&viewer=k%261',
  );
  for (const found of [null, {}, { namespace: 'shop' }, { name: 'web' }, { namespace: '', name: 'web' }])
    assert.equal(readScreenAddress(found), undefined);
});
