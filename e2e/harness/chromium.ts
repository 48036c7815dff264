import { existsSync } from 'node:fs';
import { mkdir, readFile, rename, rm } from 'node:fs/promises';
import { homedir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { run } from './run.ts';

const UNPACK = "import chromium from '@sparticuz/chromium'; await chromium.executablePath();";
let found: Promise<string> | undefined;

/** Chromium from the npm package, unpacked once per user and version of the package. */
export function chromiumPath(): Promise<string> {
  found ??= unpackedChromium();
  return found;
}

async function unpackedChromium(): Promise<string> {
  const build = path.dirname(fileURLToPath(import.meta.resolve('@sparticuz/chromium')));
  const { version } = JSON.parse(await readFile(path.join(build, '../package.json'), 'utf8')) as {
    version: string;
  };
  const cache = process.env['XDG_CACHE_HOME'] ?? path.join(homedir(), '.cache');
  const folder = path.join(cache, 'krateyard', `chromium-${version}`);
  if (!existsSync(folder)) await unpack(folder);
  return path.join(folder, 'chromium');
}

/**
 * Renamed into place when whole: the package unpacks into the folder of temporary files and takes a file that is there for a whole
 * one, so of two test processes that start together one would run half a browser.
 */
async function unpack(folder: string): Promise<void> {
  const partial = `${folder}.${process.pid}`;
  await mkdir(partial, { recursive: true });
  try {
    const { code, stderr } = await run(process.execPath, ['--input-type=module', '--eval', UNPACK], {
      cwd: import.meta.dirname,
      env: { TMPDIR: partial, NODE_OPTIONS: '' },
      deadlineMs: 120_000,
    });
    if (code !== 0) throw new Error(`Chromium could not be unpacked: ${stderr}`);
    await rename(partial, folder).catch((error: unknown) => {
      // Another was faster.
      if (!existsSync(folder)) throw error;
    });
  } finally {
    await rm(partial, { recursive: true, force: true });
  }
}
