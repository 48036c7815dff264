import { spawn, type ChildProcess } from 'node:child_process';
import { join } from 'node:path';

const ROOT = join(import.meta.dirname, '../..');
const READY_MS = 120_000;

/** Starts one of our programs and resolves when it has printed an address. */
export async function startProgram(
  file: string,
  args: readonly string[],
): Promise<{ child: ChildProcess; origin: string; printed: string }> {
  const env: NodeJS.ProcessEnv = { ...process.env };
  delete env['KUBECONFIG'];
  const child = spawn(process.execPath, [file, ...args], {
    cwd: ROOT,
    env,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const { promise, resolve, reject } = Promise.withResolvers<{ origin: string; printed: string }>();
  const deadline = setTimeout(() => reject(new Error(`${file} printed no address in time`)), READY_MS);
  child.once('exit', (code) => reject(new Error(`${file} ended with ${code}`)));
  child.stdout.on('data', (bytes: Buffer) => {
    const [origin] = /https?:\/\/[^/\s,]+/.exec(bytes.toString()) ?? [];
    if (origin !== undefined) resolve({ origin, printed: bytes.toString() });
  });
  try {
    return { child, ...(await promise) };
  } finally {
    clearTimeout(deadline);
  }
}
