import { globSync, readFileSync } from 'node:fs';
import path from 'node:path';

const RULE = /^- \*\*([A-Z]{2,3}\d+)\*\* /gm;
const CITATION = /\[([A-Z]{2,3}\d+(?:, ?[A-Z]{2,3}\d+)*)\]/g;

const EXCLUDED = ['**/node_modules/**', 'dist/**'];

/**
 * Holds every SPEC.md against the tests (and the `*-cases.ts` that several of them share), both ways: a rule `- **XY7** …` must be cited as `[XY7]` in the name of at least one
 * test, and a citation must name a rule that exists. One line a problem.
 */
export function specProblems(root: string): string[] {
  const rules = new Map<string, string>();
  const problems: string[] = [];
  for (const file of globSync('**/SPEC.md', { cwd: root, exclude: EXCLUDED })) {
    for (const [, id] of readFileSync(path.join(root, file), 'utf8').matchAll(RULE)) {
      if (rules.has(id!)) problems.push(`${file}: rule ${id} stands also in ${rules.get(id!)}`);
      rules.set(id!, file);
    }
  }
  const prefixes = new Set([...rules.keys()].map((id) => id.replace(/\d+$/, '')));
  const cited = new Set<string>();
  for (const file of globSync('**/*{.test,-cases}.ts', { cwd: root, exclude: EXCLUDED })) {
    for (const [, ids] of readFileSync(path.join(root, file), 'utf8').matchAll(CITATION)) {
      for (const id of ids!.split(/, ?/)) {
        cited.add(id);
        if (!rules.has(id) && prefixes.has(id.replace(/\d+$/, '')))
          problems.push(`${file}: cites ${id}, which no SPEC.md has`);
      }
    }
  }
  for (const [id, file] of rules) if (!cited.has(id)) problems.push(`${file}: no test cites ${id}`);
  return problems;
}
