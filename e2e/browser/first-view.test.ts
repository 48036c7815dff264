import assert from 'node:assert/strict';
import { test } from 'node:test';
import { gzipSync } from 'node:zlib';
import { pollUntil } from '../harness/poll-until.ts';
import { consoleFixture } from './console-fixture.ts';

const LIMIT = { timeout: 180_000 };
const MOST_SCRIPTS = 10;
const MOST_BYTES = 250 * 1024;
const fixture = await consoleFixture();
const { target } = fixture;
const namespace = await target.bareNamespace('first');
const viewer = await fixture.person(namespace, 'reader', 'view');

for (const { name, path, ready } of [
  { name: 'a table', path: `/resources/configmaps?ns=${namespace}`, ready: '.row .lead' },
  { name: 'the overview', path: `/overview?ns=${namespace}`, ready: 'main h2' },
]) {
  test(
    `[UF12] the first view of ${name} is few files, and its code does not wait for the frame`,
    LIMIT,
    async () => {
      await target.make(`/api/v1/namespaces/${namespace}/configmaps`, {
        apiVersion: 'v1',
        kind: 'ConfigMap',
        metadata: { name: `map-${name.replaceAll(' ', '-')}` },
      });
      const opened = await fixture.open('/settings', { token: viewer.token });
      const { page } = opened;
      await page.locator('.top-bar').waitFor();
      const asked: string[] = [];
      const bodies: Promise<Buffer | undefined>[] = [];
      page.on('request', (request) => {
        // What the page before still asked for is not this one's.
        if (request.isNavigationRequest()) asked.length = bodies.length = 0;
        asked.push(new URL(request.url()).pathname);
      });
      page.on('response', (response) => {
        if (response.request().resourceType() === 'script')
          bodies.push(response.body().catch(() => undefined));
      });
      await page.goto(path);
      await page.locator(ready).first().waitFor();
      const scripts = asked.filter((file) => file.endsWith('.js'));
      assert.ok(scripts.length <= MOST_SCRIPTS, scripts.join(' '));
      assert.equal(new Set(scripts).size, scripts.length, 'nothing comes twice');
      const sizes = (await Promise.all(bodies)).map((body) => gzipSync(body ?? '', { level: 9 }).length);
      assert.ok(sizes.reduce((sum, size) => sum + size, 0) < MOST_BYTES);
      // The frame's own questions come after it runs; who is there and the page's code come before.
      await pollUntil('the frame to ask', () => asked.includes('/api/features'));
      const framed = asked.indexOf('/api/features');
      for (const early of [
        asked.indexOf('/api/session'),
        asked.findIndex((file) => /-page-[^/]*\.js$/.test(file)),
      ])
        assert.ok(early >= 0 && early < framed, asked.join(' '));
      assert.equal(asked.filter((file) => file === '/api/session').length, 1);
      await opened.close();
    },
  );
}
