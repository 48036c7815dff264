import { readFileSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { parseSync } from 'oxc-parser';

const BELOW_RUNTIME = [
  'kernel/status',
  'kernel/telemetry',
  'kernel/kube',
  'kernel/kube/meta',
  'kernel/auth',
  'kernel/hub',
  'kernel/tasks',
  'kernel/rfb',
  'kernel/terminals',
  'kernel/terminals/terminal-protocol',
  'kernel/terminals/recordings/cast',
  'kernel/terminals/recordings/recording-summary',
];

/**
 * Who may import whom, as ARCHITECTURE.md draws it. A part is a folder; its imports of our own code must be of its own
 * part or of the parts listed. What is not listed is an error. Tests may in addition use what stands under `tests`.
 */
const PARTS: Readonly<
  Record<string, { readonly may: readonly string[]; readonly tests?: readonly string[] }>
> = {
  'kernel/status': { may: [] },
  'kernel/telemetry': { may: ['kernel/status'] },
  'kernel/kube/meta': { may: ['kernel/status'] },
  'kernel/kube': { may: ['kernel/status', 'kernel/telemetry', 'kernel/kube/meta'] },
  'kernel/auth': { may: ['kernel/status', 'kernel/telemetry', 'kernel/kube', 'kernel/kube/meta'] },
  'kernel/hub': { may: ['kernel/status', 'kernel/telemetry'] },
  'kernel/tasks/task': { may: ['kernel/status'] },
  'kernel/tasks': { may: ['kernel/status', 'kernel/telemetry', 'kernel/tasks/task'] },
  'kernel/rfb': { may: ['kernel/status', 'kernel/telemetry'] },
  'kernel/terminals/terminal-protocol': { may: ['kernel/status'] },
  'kernel/terminals/recordings/cast': { may: [] },
  'kernel/terminals/recordings/recording-summary': { may: [] },
  'kernel/terminals': {
    may: [
      'kernel/status',
      'kernel/telemetry',
      'kernel/auth',
      'kernel/hub/close-codes',
      'kernel/terminals/terminal-protocol',
      'kernel/terminals/recordings/cast',
      'kernel/terminals/recordings/recording-summary',
    ],
  },
  'kernel/runtime': {
    may: BELOW_RUNTIME,
  },
  'kernel/ui': {
    may: [
      'kernel/status',
      'kernel/kube/meta',
      'kernel/hub/close-codes',
      'kernel/tasks/task',
      'kernel/terminals/terminal-protocol',
    ],
    tests: ['kernel/telemetry'],
  },
  'features/*/contract': {
    may: ['kernel/status', 'kernel/kube/meta', 'kernel/tasks/task', 'kernel/terminals/terminal-protocol'],
  },
  'features/*/server': {
    may: [...BELOW_RUNTIME, 'kernel/tasks/task', 'kernel/runtime', '=/contract'],
  },
  'features/*/web': {
    may: [
      'kernel/status',
      'kernel/kube/meta',
      'kernel/hub/close-codes',
      'kernel/tasks/task',
      'kernel/terminals/terminal-protocol',
      'kernel/terminals/recordings/cast',
      'kernel/terminals/recordings/recording-summary',
      'kernel/ui',
      '=/contract',
    ],
    tests: ['kernel/telemetry'],
  },
  'apps/gateway': {
    may: [...BELOW_RUNTIME, 'kernel/runtime', 'features/*/server', 'sandbox'],
  },
  'apps/console': {
    may: [
      'kernel/status',
      'kernel/kube/meta',
      'kernel/tasks/task',
      'kernel/ui',
      'features/*/web',
      'features/*/contract',
    ],
  },
  sandbox: { may: ['kernel/status', 'kernel/telemetry', 'kernel/kube/meta'] },
  e2e: { may: ['*'] },
  bench: { may: ['*'] },
  tools: { may: [] },
};

/** A file, and what it imports of ours: paths relative to the repository. */
interface Source {
  readonly file: string;
  readonly imports: readonly { readonly specifier: string; readonly target: string | undefined }[];
}

const SOURCE_FILE = /\.tsx?$/;
const SKIPPED = new Set(['node_modules', 'dist', '.git', '.cache', '.tmp', 'docs']);

function* sourceFiles(root: string, folder = ''): Generator<string> {
  for (const entry of readdirSync(path.join(root, folder), { withFileTypes: true })) {
    if (SKIPPED.has(entry.name)) continue;
    const file = path.posix.join(folder, entry.name);
    if (entry.isDirectory()) yield* sourceFiles(root, file);
    else if (SOURCE_FILE.test(entry.name)) yield file;
  }
}

/** Folder of each workspace package, by package name. */
function workspaces(root: string): Map<string, string> {
  const found = new Map<string, string>();
  const folders = [
    'sandbox',
    'e2e',
    'bench',
    'tools',
    ...['kernel', 'features', 'apps'].flatMap((parent) =>
      readdirSync(path.join(root, parent)).map((name) => `${parent}/${name}`),
    ),
  ];
  for (const folder of folders) {
    const manifest = JSON.parse(readFileSync(path.join(root, folder, 'package.json'), 'utf8')) as {
      name: string;
    };
    found.set(manifest.name, folder);
  }
  return found;
}

function specifiersOf(file: string, text: string): string[] {
  const { module, errors } = parseSync(file, text);
  if (errors.length > 0) throw new Error(`${file}: ${errors[0]?.message}`);
  const fixed = [
    ...module.staticImports.map((found) => found.moduleRequest.value),
    ...module.staticExports.flatMap((found) =>
      found.entries.flatMap((entry) => entry.moduleRequest?.value ?? []),
    ),
  ];
  const dynamic = module.dynamicImports.map((found) =>
    text.slice(found.moduleRequest.start, found.moduleRequest.end),
  );
  return [...fixed, ...dynamic.filter((raw) => /^['"]/.test(raw)).map((raw) => raw.slice(1, -1))];
}

function targetOf(
  specifier: string,
  from: string,
  packages: ReadonlyMap<string, string>,
): string | undefined {
  if (specifier.startsWith('.')) return path.posix.join(path.posix.dirname(from), specifier);
  const [scope, name, ...rest] = specifier.split('/');
  if (scope !== '@krateyard') return undefined;
  const folder = packages.get(`${scope}/${name}`);
  return folder === undefined ? `unknown package ${specifier}` : path.posix.join(folder, ...rest);
}

function readSources(root: string): Source[] {
  const packages = workspaces(root);
  return [...sourceFiles(root)].map((file) => ({
    file,
    imports: specifiersOf(file, readFileSync(path.join(root, file), 'utf8')).map((specifier) => ({
      specifier,
      target: targetOf(specifier, file, packages),
    })),
  }));
}

/** The most specific part that holds a path, with the room's name where the part's pattern has a star. */
function partOf(file: string): { readonly part: string; readonly room: string | undefined } | undefined {
  const held = Object.keys(PARTS)
    .filter((part) => matchesFolder(part, file))
    .toSorted((a, b) => b.length - a.length)[0];
  if (held === undefined) return undefined;
  return { part: held, room: held.includes('*') ? file.split('/').slice(0, 2).join('/') : undefined };
}

function matchesFolder(part: string, file: string): boolean {
  const parts = part.split('/');
  const steps = file.split('/');
  return parts.every(
    (step, at) =>
      step === '*' ||
      step === steps[at] ||
      (at === parts.length - 1 && steps[at]?.replace(SOURCE_FILE, '') === step),
  );
}

function allowed(source: string, target: string): boolean {
  const from = partOf(source);
  const to = partOf(target);
  if (!from || !to) return false;
  if (from.part === to.part && from.room === to.room) return true;
  const rule = PARTS[from.part]!;
  const may = isTest(source) ? [...rule.may, ...(rule.tests ?? [])] : rule.may;
  return may.some((entry) => {
    if (entry === '*') return true;
    if (entry.startsWith('='))
      return to.room === from.room && matchesFolder(`${from.room}${entry.slice(1)}`, target);
    return PARTS[entry] ? to.part === entry : matchesFolder(entry, target);
  });
}

function isTest(file: string): boolean {
  return /\.test\.tsx?$/.test(file);
}

function forbiddenImports(sources: readonly Source[]): string[] {
  const problems: string[] = [];
  for (const { file, imports } of sources) {
    if (!partOf(file))
      problems.push(`${file}: belongs to no part of the house (tools/boundaries.ts lists them)`);
    for (const { specifier, target } of imports) {
      if (target !== undefined && !allowed(file, target))
        problems.push(`${file}: may not import ${specifier}`);
    }
  }
  return problems;
}

/** Imports that the file system can follow: to `.ts`, `.tsx` or as written. */
function resolved(target: string, files: ReadonlySet<string>): string | undefined {
  return [target, `${target}.ts`, `${target}.tsx`].find((candidate) => files.has(candidate));
}

/** Files that import each other in a circle, type-only imports included (Tarjan's strongly connected components). */
function cycles(sources: readonly Source[]): string[][] {
  const files = new Set(sources.map((source) => source.file));
  const graph = new Map(
    sources.map((source) => [
      source.file,
      source.imports.flatMap(({ target }) => (target === undefined ? [] : (resolved(target, files) ?? []))),
    ]),
  );
  const index = new Map<string, number>();
  const low = new Map<string, number>();
  const stack: string[] = [];
  const found: string[][] = [];
  const visit = (file: string): void => {
    index.set(file, index.size);
    low.set(file, index.get(file)!);
    stack.push(file);
    for (const next of graph.get(file) ?? []) {
      if (!index.has(next)) visit(next);
      if (stack.includes(next)) low.set(file, Math.min(low.get(file)!, low.get(next)!));
    }
    if (low.get(file) !== index.get(file)) return;
    const component = stack.splice(stack.indexOf(file));
    if (component.length > 1) found.push(component);
  };
  for (const file of graph.keys()) if (!index.has(file)) visit(file);
  return found;
}

/** Everything that crosses the borders of the house under `root`: one line a problem, none when all is well. */
export function boundaryProblems(root: string): string[] {
  const sources = readSources(root);
  return [
    ...forbiddenImports(sources),
    ...cycles(sources).map((files) => `import cycle: ${files.toSorted().join(' ')}`),
  ];
}
