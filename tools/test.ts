import { spawnSync } from 'node:child_process';
import { globSync } from 'node:fs';
import path from 'node:path';
import { run } from 'node:test';
import { spec } from 'node:test/reporters';
import { parseArgs } from 'node:util';
import { boundaryProblems } from './boundaries.ts';
import { specProblems } from './spec-rules.ts';

const HELP = `npm test [-- FILTER …]          everything that runs on a bare machine
npm run test:cluster [-- FILTER …]  the conformance and room suites against the cluster of $KUBECONFIG

FILTER: run only test files whose path contains one of these words; the static checks are left out then.
`;

const root = path.resolve(import.meta.dirname, '..');
const EXCLUDED = ['**/node_modules/**', 'dist/**'];
/** One file's worth; a suite that needs more should be two. Twenty restarts of a real API server take some 150 s. */
const FILE_TIMEOUT_MS = 480_000;

/** Suites that restart the API server go last: a real cluster's controllers take a minute to come back. */
const RESTARTS = /restarts|workspace-faults|main-path/;

interface Tally {
  passed: number;
  failed: number;
  skipped: number;
}

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { cluster: { type: 'boolean', default: false }, help: { type: 'boolean', default: false } },
});

if (values.help) {
  process.stdout.write(HELP);
} else {
  process.exitCode = await main(values.cluster, positionals);
}

async function main(cluster: boolean, filters: readonly string[]): Promise<number> {
  if (cluster && !process.env['KUBECONFIG']) {
    process.stderr.write(
      'test:cluster needs KUBECONFIG: the file of an administrator of a cluster that may be changed.\n',
    );
    return 2;
  }
  const tally: Tally = { passed: 0, failed: 0, skipped: 0 };
  if (filters.length === 0 && !cluster) staticChecks(tally);
  if (!buildConsole(tally)) return report(tally);
  await runTests(select(cluster, filters), cluster, tally);
  return report(tally);
}

function report(tally: Tally): number {
  const skipped = tally.skipped > 0 ? `, ${tally.skipped} skipped` : '';
  process.stdout.write(`\n${tally.passed} passed, ${tally.failed} failed${skipped}\n`);
  return tally.failed === 0 && tally.passed > 0 ? 0 : 1;
}

function staticChecks(tally: Tally): void {
  check(tally, 'types of servers and tools', () => command('tsc', ['-p', 'tsconfig.json']));
  check(tally, 'types of the console', () => command('tsc', ['-p', 'tsconfig.web.json']));
  check(tally, 'lint', () => command('oxlint', ['--type-aware', '--deny-warnings']));
  check(tally, 'format (npm run format mends it)', () => command('oxfmt', ['--check']));
  check(tally, 'boundaries and cycles', () => boundaryProblems(root).join('\n'));
  check(tally, 'rules of SPEC.md cited by tests', () => specProblems(root).join('\n'));
}

/** The browser tests look at what people get, so the console is built as `npm start` builds it. */
function buildConsole(tally: Tally): boolean {
  return check(tally, 'build', () => command('node', ['tools/build.ts', '--if-stale']));
}

function check(tally: Tally, name: string, problemsOf: () => string): boolean {
  const problems = problemsOf();
  if (problems === '') tally.passed += 1;
  else tally.failed += 1;
  process.stdout.write(problems === '' ? `✔ ${name}\n` : `✖ ${name}\n${problems}\n`);
  return problems === '';
}

/** The output of a command that failed, '' of one that did not. */
function command(program: string, args: readonly string[]): string {
  const bin = path.join(root, 'node_modules', '.bin');
  const result = spawnSync(program, args, {
    cwd: root,
    encoding: 'utf8',
    env: { ...process.env, PATH: `${bin}${path.delimiter}${process.env['PATH']}` },
    maxBuffer: 64 * 1024 * 1024,
  });
  if (result.error) return String(result.error);
  return result.status === 0
    ? ''
    : `${result.stdout}${result.stderr}` || `${program} ended with ${result.status ?? result.signal}`;
}

function select(cluster: boolean, filters: readonly string[]): string[] {
  const patterns = cluster
    ? ['e2e/{conformance,kubectl,client-go}/**/*.test.ts', '{kernel,features,apps,e2e}/**/*.cluster.test.ts']
    : ['{kernel,features,apps,sandbox,tools,bench,e2e}/**/*.test.ts'];
  const files = globSync(patterns, {
    cwd: root,
    exclude: cluster ? EXCLUDED : [...EXCLUDED, '**/*.cluster.test.ts'],
  });
  return [...new Set(files)]
    .filter((file) => filters.length === 0 || filters.some((filter) => file.includes(filter)))
    .toSorted((a, b) => Number(RESTARTS.test(a)) - Number(RESTARTS.test(b)) || a.localeCompare(b))
    .map((file) => path.join(root, file));
}

async function runTests(files: string[], cluster: boolean, tally: Tally): Promise<void> {
  if (files.length === 0) {
    process.stdout.write('No test file matches.\n');
    return;
  }
  if (cluster) process.env['KRATEYARD_TARGET'] = 'cluster';
  else delete process.env['KUBECONFIG'];
  const stream = run({ files, concurrency: cluster ? 1 : 2, timeout: FILE_TIMEOUT_MS });
  stream.on('test:summary', ({ file, counts }) => {
    if (file !== undefined) return;
    tally.passed += counts.passed;
    tally.failed += counts.tests - counts.passed - counts.skipped - counts.todo;
    tally.skipped += counts.skipped + counts.todo;
  });
  for await (const text of stream.compose(spec)) process.stdout.write(text as string);
}
