import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, test } from 'node:test';
import { boundaryProblems } from './boundaries.ts';

const root = mkdtempSync(path.join(tmpdir(), 'krateyard-house-'));
after(() => rmSync(root, { recursive: true }));

for (const folder of [
  'sandbox',
  'e2e',
  'bench',
  'tools',
  'kernel/status',
  'kernel/kube',
  'features/vms',
  'features/clusters',
  'apps/gateway',
]) {
  write(`${folder}/package.json`, JSON.stringify({ name: `@krateyard/${path.basename(folder)}` }));
}

function write(file: string, text: string): void {
  mkdirSync(path.join(root, path.dirname(file)), { recursive: true });
  writeFileSync(path.join(root, file), text);
}

function problemsOf(files: Record<string, string>): string[] {
  for (const [file, text] of Object.entries(files)) write(file, text);
  const problems = boundaryProblems(root);
  for (const file of Object.keys(files)) rmSync(path.join(root, file));
  return problems;
}

test('imports along the arrows pass', () => {
  const files = {
    'kernel/status/a.ts': 'export const a = 1;',
    'kernel/kube/client/c.ts': "import { a } from '@krateyard/status/a'; export const c = a;",
    'features/vms/contract/x.ts': 'export type X = 1;',
    'features/vms/server/s.ts':
      "import type { X } from '../contract/x.ts'; import { c } from '@krateyard/kube/client/c'; export const s: X | typeof c = 1;",
  };
  assert.deepEqual(problemsOf(files), []);
});

for (const [what, file, text] of [
  ['a leaf imports the kernel', 'kernel/status/b.ts', "import '@krateyard/kube/client/c';"],
  ['a room imports another room', 'features/vms/server/s.ts', "import '@krateyard/clusters/contract/x';"],
  ['a room imports the sandbox', 'features/vms/server/s.ts', "import '@krateyard/sandbox/sandbox';"],
  [
    'a room reaches another by a relative path',
    'features/vms/server/s.ts',
    "export * from '../../clusters/contract/x.ts';",
  ],
  [
    'only a type crosses',
    'kernel/status/b.ts',
    "import type { C } from '@krateyard/kube/client/c'; export type B = C;",
  ],
  [
    'a lazy import crosses',
    'features/vms/server/s.ts',
    "export const load = () => import('@krateyard/sandbox/sandbox');",
  ],
  ['the sandbox imports the client', 'sandbox/s.ts', "import '@krateyard/kube/client/c';"],
] as const) {
  test(`an error when ${what}`, () =>
    assert.match(problemsOf({ [file]: text }).join('\n'), /may not import/));
}

test('an error when files import each other in a circle, even by type only', () => {
  const problems = problemsOf({
    'kernel/status/a.ts': "import type { B } from './b.ts'; export type A = B;",
    'kernel/status/b.ts': "import type { A } from './a.ts'; export type B = A;",
  });
  assert.deepEqual(problems, ['import cycle: kernel/status/a.ts kernel/status/b.ts']);
});

test('this repository keeps to its borders', () =>
  assert.deepEqual(boundaryProblems(path.resolve(import.meta.dirname, '..')), []));
