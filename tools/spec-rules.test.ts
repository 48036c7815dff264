import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, test } from 'node:test';
import { specProblems } from './spec-rules.ts';

const root = mkdtempSync(path.join(tmpdir(), 'krateyard-spec-'));
after(() => rmSync(root, { recursive: true }));

function problemsOf(spec: string, tests: string): string[] {
  mkdirSync(path.join(root, 'room'), { recursive: true });
  writeFileSync(path.join(root, 'room/SPEC.md'), spec);
  writeFileSync(path.join(root, 'room/a.test.ts'), tests);
  return specProblems(root);
}

// Written in two halves, so that the checker does not read this file's examples as citations.
const cite = (id: string): string => `test('[${id}] …')`;

test('a cited rule passes', () => assert.deepEqual(problemsOf('- **ZZ1** holds', cite('ZZ1')), []));

test('a rule that no test cites is named', () => {
  assert.deepEqual(problemsOf('- **ZZ1** holds\n- **ZZ2** too', cite('ZZ1')), [
    'room/SPEC.md: no test cites ZZ2',
  ]);
});

test('a citation of a rule that does not exist is named', () => {
  assert.deepEqual(problemsOf('- **ZZ1** holds', `${cite('ZZ1')};${cite('ZZ9')}`), [
    'room/a.test.ts: cites ZZ9, which no SPEC.md has',
  ]);
});
