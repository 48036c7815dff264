import { writeFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { createLogger } from '@krateyard/telemetry/logger';
import { MISSING_PARTS, type MissingPart } from './api/missing-parts.ts';
import { createSandbox, GUEST_KINDS, type GuestKind } from './sandbox.ts';

const USAGE = `Usage: npm run sandbox -- [options]

A Kubernetes cluster in one process. Runs until SIGINT or SIGTERM.

  --port N                 port of 127.0.0.1 to listen on; 0 (default) takes a free one
  --write-kubeconfig FILE  writes a kubeconfig with the contexts admin (current), alice, bob and carol
  --scene NAME             none, demo (default) or pods=N
  --without PART,…         leaves parts of the API server out: metrics, custom-resources, aggregated-discovery
  --guest KIND             what runs in virtual machines: simulated (default), or qemu, which must be on PATH
  --help                   this text`;

interface Flags {
  readonly port: number;
  readonly scene: string;
  readonly kubeconfig: string | undefined;
  readonly without: readonly MissingPart[];
  readonly guest: GuestKind;
}

function readFlags(args: readonly string[]): Flags | 'help' {
  const { values } = parseArgs({
    args: [...args],
    options: {
      port: { type: 'string', default: '0' },
      scene: { type: 'string', default: 'demo' },
      'write-kubeconfig': { type: 'string' },
      without: { type: 'string', default: '' },
      guest: { type: 'string', default: 'simulated' },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) return 'help';
  const port = Number(values.port);
  if (!/^\d+$/.test(values.port) || port > 65_535)
    throw new Error(`--port must be 0 to 65535, not "${values.port}"`);
  if (!/^(none|demo|pods=\d+)$/.test(values.scene))
    throw new Error(`--scene must be none, demo or pods=N, not "${values.scene}"`);
  const without = values.without.split(',').filter(Boolean);
  if (!without.every(isMissingPart))
    throw new Error(`--without takes ${MISSING_PARTS.join(', ')}, not "${values.without}"`);
  const guest = GUEST_KINDS.find((kind) => kind === values.guest);
  if (!guest) throw new Error(`--guest must be ${GUEST_KINDS.join(' or ')}, not "${values.guest}"`);
  return { port, scene: values.scene, kubeconfig: values['write-kubeconfig'], without, guest };
}

const isMissingPart = (word: string): word is MissingPart =>
  (MISSING_PARTS as readonly string[]).includes(word);

async function run({ kubeconfig, ...options }: Flags): Promise<void> {
  const sandbox = await createSandbox({ ...options, logger: createLogger({ level: 'warn' }) });
  if (kubeconfig !== undefined) {
    await writeFile(kubeconfig, sandbox.kubeconfig(), { mode: 0o600 }).catch(async (error: unknown) => {
      await sandbox.stop();
      const reason = (error as NodeJS.ErrnoException).code;
      throw new Error(`--write-kubeconfig cannot write ${kubeconfig} (${reason})`, { cause: error });
    });
  }
  const hint = kubeconfig === undefined ? '' : `, kubeconfig: ${kubeconfig}`;
  console.log(`The sandbox serves at ${sandbox.url}${hint}`);
  const stop = (): void => {
    void sandbox.stop().then(() => process.exit(0));
  };
  process.once('SIGINT', stop);
  process.once('SIGTERM', stop);
}

try {
  const flags = readFlags(process.argv.slice(2));
  if (flags === 'help') console.log(USAGE);
  else await run(flags);
} catch (error) {
  const taken = (error as NodeJS.ErrnoException)?.code === 'EADDRINUSE';
  console.error(error instanceof Error ? `sandbox: ${error.message}` : error);
  if (taken) console.error('Choose another port with --port N; 0 takes a free one.');
  console.error('Try --help.');
  process.exitCode = 2;
}
