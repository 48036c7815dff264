import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test, type TestContext } from 'node:test';
import { brotliCompressSync } from 'node:zlib';
import { GatewayBench } from './testing/gateway-bench.ts';

function builtConsole(t: TestContext): string {
  const root = mkdtempSync(join(tmpdir(), 'krateyard-console-'));
  t.after(() => rmSync(root, { recursive: true }));
  mkdirSync(join(root, 'assets'));
  writeFileSync(join(root, 'index.html'), '<!doctype html><title>console</title>');
  writeFileSync(join(root, 'mark.svg'), '<svg/>');
  writeFileSync(join(root, 'assets', 'main-abc123.js'), 'export {};');
  writeFileSync(join(root, 'assets', 'main-abc123.js.br'), brotliCompressSync('export {};'));
  writeFileSync(join(root, '.inputs'), 'hash');
  return root;
}

test(
  'files with a hash in their name may be kept for ever, others are asked about',
  { timeout: 30_000 },
  async (t) => {
    await using bench = await GatewayBench.start({ consoleDir: builtConsole(t) });
    const asset = await bench.ask('/assets/main-abc123.js');
    assert.equal(asset.status, 200);
    assert.equal(asset.headers.get('cache-control'), 'public, max-age=31536000, immutable');
    assert.match(asset.headers.get('content-type') ?? '', /javascript/);
    const picture = await bench.ask('/mark.svg');
    assert.equal(picture.headers.get('cache-control'), 'no-cache');
    assert.ok(picture.headers.get('etag'));
  },
);

test(
  'what was compressed when the console was built is sent as it lies there',
  { timeout: 30_000 },
  async (t) => {
    await using bench = await GatewayBench.start({ consoleDir: builtConsole(t) });
    const headers = { 'accept-encoding': 'br' };
    const asset = await bench.ask('/assets/main-abc123.js', { headers });
    assert.equal(asset.headers.get('content-encoding'), 'br');
    assert.match(asset.headers.get('content-type') ?? '', /javascript/);
    assert.match(asset.headers.get('vary') ?? '', /accept-encoding/i);
    assert.equal(await asset.text(), 'export {};');
    const plain = await bench.ask('/assets/main-abc123.js', { headers: { 'accept-encoding': 'identity' } });
    assert.equal(plain.headers.get('content-encoding'), null);
    assert.equal(await plain.text(), 'export {};');
  },
);

test("every address of the console's own is its page; the API's are not", { timeout: 30_000 }, async (t) => {
  await using bench = await GatewayBench.start({ consoleDir: builtConsole(t) });
  for (const path of [
    '/',
    '/resources/pods',
    '/resources/pods/team-a/web?tab=yaml',
    '/resource/crds/things.example.com',
  ]) {
    const page = await bench.ask(path);
    assert.equal(page.status, 200, path);
    assert.match(await page.text(), /<title>console/);
    assert.equal(page.headers.get('cache-control'), 'no-cache');
    assert.match(page.headers.get('content-security-policy') ?? '', /script-src 'self'/);
  }
  for (const path of [
    '/assets/none-1.js',
    '/none.svg',
    '/api/none',
    '/ws/none',
    '/.inputs',
    '/..%2f..%2fetc%2fpasswd.txt',
    '/%2e%2e/%2e%2e/etc/passwd.txt',
  ]) {
    const response = await bench.ask(path);
    assert.ok([401, 403, 404].includes(response.status), `${path}: ${response.status}`);
  }
});

test('without built files the gateway says how to build them', { timeout: 30_000 }, async () => {
  await using bench = await GatewayBench.start();
  const page = await bench.ask('/');
  assert.equal(page.status, 200);
  assert.match(await page.text(), /npm run build/);
});
