import assert from 'node:assert/strict';
import { test } from 'node:test';
import { firstPageAt, type FirstPage } from './first-page.ts';

const page = (path: string, alone?: true): FirstPage => ({
  path,
  load: () => Promise.resolve(),
  ...(alone && { alone }),
});

test('[UF12] an address names the page whose code is asked for first', () => {
  const pages = [page('/overview'), page('/resources'), page('/resource'), page('/vms', true)];
  const at = (path: string): string | undefined => firstPageAt(pages, path)?.path;
  assert.deepEqual(['/', '/overview', '/resources/pods', '/resource/pods/a', '/vms'].map(at), [
    '/overview',
    '/overview',
    '/resources',
    '/resource',
    '/vms',
  ]);
  for (const none of ['/vms/shop/web', '/settings', '/resourceful', ''])
    assert.equal(at(none), undefined, none);
});
