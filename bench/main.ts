import { readdir } from 'node:fs/promises';
import { basename, join } from 'node:path';

/** Each file of this folder but this one is a benchmark that exports `run(): Promise<void>` and prints its own numbers. */
const files = (await readdir(import.meta.dirname)).filter(
  (file) => file.endsWith('.ts') && file !== 'main.ts',
);
const known = files.map((file) => basename(file, '.ts')).toSorted();
/** Words with dashes (`--quick`) are for the benchmarks themselves. */
const asked = process.argv.slice(2).filter((word) => !word.startsWith('--'));
const unknown = asked.filter((name) => !known.includes(name));
if (unknown.length > 0) {
  console.error(`No benchmark named ${unknown.join(', ')}; there are: ${known.join(', ')}`);
  process.exit(2);
}
for (const name of asked.length > 0 ? asked : known) {
  console.log(`\n== ${name}`);
  const { run } = (await import(join(import.meta.dirname, `${name}.ts`))) as { run: () => Promise<void> };
  await run();
}
