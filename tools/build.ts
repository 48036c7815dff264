import { createHash } from 'node:crypto';
import { existsSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { brotliCompress, constants, gzip } from 'node:zlib';

/**
 * Builds what `npm start` runs: `dist/gateway` (one bundle, the embedded cluster as a chunk that is loaded on demand) and
 * `dist/console`. With `--if-stale` each is only built when one of the files that it is made from has changed.
 */
const ROOT = fileURLToPath(new URL('..', import.meta.url));

interface Target {
  readonly name: string;
  /** Below the root; everything in them counts. */
  readonly inputs: readonly string[];
  readonly output: string;
  readonly build: () => Promise<void>;
}

const SHARED_INPUTS = ['package-lock.json', 'tools/build.ts'];

const TARGETS: readonly Target[] = [
  {
    name: 'gateway',
    inputs: ['kernel', 'features', 'apps/gateway', 'sandbox', ...SHARED_INPUTS],
    output: 'dist/gateway',
    build: buildGateway,
  },
  {
    name: 'console',
    inputs: ['kernel/ui', 'kernel/status', 'kernel/kube/meta', 'features', 'apps/console', ...SHARED_INPUTS],
    output: 'dist/console',
    build: buildConsole,
  },
];

/** Packages that are inlined because only a small part of them is used: the rest costs start-up time and memory. */
const INLINED = new Set(['typebox']);

async function buildGateway(): Promise<void> {
  const { build } = await import('esbuild');
  const outdir = join(ROOT, 'dist/gateway');
  rmSync(outdir, { recursive: true, force: true });
  await build({
    absWorkingDir: ROOT,
    entryPoints: { main: 'apps/gateway/main.ts' },
    outdir,
    bundle: true,
    splitting: true,
    format: 'esm',
    platform: 'node',
    target: 'node24',
    sourcemap: true,
    sourcesContent: false,
    chunkNames: 'chunks/[name]-[hash]',
    logLevel: 'warning',
    plugins: [
      {
        name: 'packages-stay-outside',
        setup: (bundle) => {
          bundle.onResolve({ filter: /^[^./]/ }, ({ path, kind }) => {
            if (kind === 'entry-point' || path.startsWith('@krateyard/')) return null;
            const name = path
              .split('/')
              .slice(0, path.startsWith('@') ? 2 : 1)
              .join('/');
            return INLINED.has(name) ? null : { path, external: true };
          });
        },
      },
    ],
  });
  writeFileSync(join(outdir, 'package.json'), '{"type":"module"}\n');
}

async function buildConsole(): Promise<void> {
  const { build } = await import('vite');
  await build({ configFile: join(ROOT, 'apps/console/vite.config.ts'), logLevel: 'warn' });
  await compressFiles(join(ROOT, 'dist/console'));
}

const COMPRESSED = /\.(js|css|html|svg)$/;
/** Smaller files do not become packets fewer. */
const LEAST_BYTES = 1024;
/** Nearly as small as 11 makes them, in a tenth of the time. */
const BROTLI_QUALITY = 9;

/** Lays `.br` and `.gz` beside the files, so that the gateway compresses nothing while somebody waits for the first view. */
async function compressFiles(folder: string): Promise<void> {
  const brotli = promisify(brotliCompress);
  const deflate = promisify(gzip);
  const params = { [constants.BROTLI_PARAM_QUALITY]: BROTLI_QUALITY };
  const files = filesBelow(folder).filter((file) => COMPRESSED.test(file));
  await Promise.all(
    files.map(async (file) => {
      const bytes = readFileSync(file);
      if (bytes.length < LEAST_BYTES) return;
      writeFileSync(`${file}.br`, await brotli(bytes, { params }));
      writeFileSync(`${file}.gz`, await deflate(bytes, { level: 9 }));
    }),
  );
}

/** Changes when a file of the inputs does, appears or goes. Tests do not count. */
function inputHash(inputs: readonly string[]): string {
  const hash = createHash('sha256');
  for (const input of inputs) {
    for (const file of filesBelow(join(ROOT, input))) {
      hash
        .update(`${relative(ROOT, file)}\0`)
        .update(readFileSync(file))
        .update('\0');
    }
  }
  return hash.digest('hex');
}

function filesBelow(path: string): string[] {
  if (!existsSync(path)) return [];
  const found: string[] = [];
  const visit = (at: string): void => {
    for (const entry of readdirSync(at, { withFileTypes: true }).toSorted((a, b) =>
      a.name < b.name ? -1 : 1,
    )) {
      const child = join(at, entry.name);
      if (entry.isDirectory() && entry.name !== 'node_modules') visit(child);
      else if (entry.isFile() && !/\.test\.tsx?$|\.md$/.test(entry.name)) found.push(child);
    }
  };
  try {
    visit(path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOTDIR') throw error;
    found.push(path);
  }
  return found;
}

/** Builds the targets that need it and tells on standard error, as standard output belongs to what is started next. */
export async function buildAll(options: { ifStale: boolean }): Promise<void> {
  for (const target of TARGETS) {
    const hash = inputHash(target.inputs);
    const stamp = join(ROOT, target.output, '.inputs');
    if (options.ifStale && existsSync(stamp) && readFileSync(stamp, 'utf8') === hash) continue;
    process.stderr.write(`build: ${target.name} …`);
    const startedAt = performance.now();
    await target.build();
    writeFileSync(stamp, hash);
    process.stderr.write(` ${((performance.now() - startedAt) / 1000).toFixed(1)} s\n`);
  }
}

if (import.meta.main) await buildAll({ ifStale: process.argv.includes('--if-stale') });
