import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

/**
 * For work on the code: the gateway from source, started anew when one of its files changes, and Vite's server in front
 * of it, which reloads what changes of the console. Further arguments go to the gateway. The sign-in URL leads to Vite.
 */
const ROOT = fileURLToPath(new URL('..', import.meta.url));
const GATEWAY_PORT = process.env['KRATEYARD_DEV_PORT'] ?? '8080';
const CONSOLE_PORT = Number(process.env['KRATEYARD_DEV_CONSOLE_PORT'] ?? '5173');

async function main(): Promise<void> {
  const gateway = startGateway();
  const { createServer } = await import('vite');
  const target = `http://127.0.0.1:${GATEWAY_PORT}`;
  const console = await createServer({
    configFile: `${ROOT}apps/console/vite.config.ts`,
    server: {
      host: '127.0.0.1',
      port: CONSOLE_PORT,
      strictPort: true,
      proxy: { '/api': target, '/sign-in': target, '/ws': { target, ws: true } },
    },
  });
  await console.listen();
  await Promise.race([once(process, 'SIGINT'), once(process, 'SIGTERM'), once(gateway, 'exit')]);
  gateway.kill('SIGTERM');
  await console.close();
}

function startGateway(): ChildProcess {
  const args = ['--watch', '--watch-preserve-output', '--disable-warning=ExperimentalWarning'];
  const child = spawn(
    process.execPath,
    [...args, 'apps/gateway/main.ts', '--port', GATEWAY_PORT, ...process.argv.slice(2)],
    { cwd: ROOT, stdio: ['ignore', 'pipe', 'inherit'] },
  );
  createInterface({ input: child.stdout }).on('line', (line) => {
    process.stdout.write(`${line.replace(`:${GATEWAY_PORT}/`, `:${CONSOLE_PORT}/`)}\n`);
  });
  return child;
}

await main();
