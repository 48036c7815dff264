import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';

const E2E = path.resolve(import.meta.dirname, '..');
const README = path.resolve(E2E, '../sandbox/README.md');

/** Ids in the first column of the table below "Known differences": `| \`id\` | …`. */
function rowsOfTheReadme(): string[] {
  const text = readFileSync(README, 'utf8');
  const section = text.split(/^#+ .*Known differences.*$/im)[1]?.split(/^#+ /m)[0] ?? '';
  return [...section.matchAll(/^\|\s*`([a-z0-9-]+)`\s*\|/gm)].map((match) => match[1] ?? '');
}

function marksOfTheSuites(): string[] {
  const files = ['conformance', 'kubectl', 'client-go'].flatMap((folder) =>
    readdirSync(path.join(E2E, folder))
      .filter((name) => name.endsWith('.test.ts') && name !== 'differences.test.ts')
      .map((name) => path.join(E2E, folder, name)),
  );
  return files.flatMap((file) =>
    [...readFileSync(file, 'utf8').matchAll(/\bdiffers: '([a-z0-9-]+)'/g)].map((match) => match[1] ?? ''),
  );
}

test('every case that the sandbox knowingly fails has a row in its README, and every row a case', () => {
  const rows = rowsOfTheReadme();
  assert.deepEqual(rows.toSorted(), [...new Set(rows)].toSorted(), 'row ids are unique');
  assert.deepEqual([...new Set(marksOfTheSuites())].toSorted(), rows.toSorted());
});
