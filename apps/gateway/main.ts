import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { systemClock } from '@krateyard/telemetry/clock';
import { createLogger, type Logger } from '@krateyard/telemetry/logger';
import { createMetrics } from '@krateyard/telemetry/metrics';
import { build, type Gateway } from './app.ts';
import { ConfigProblem, helpText, readConfig } from './config.ts';
import type { Config } from './config-schema.ts';
import { giveMemoryBack } from './give-memory-back.ts';
import { nodeTooOld } from './node-version.ts';
import { serveCluster } from './serve-cluster.ts';
import { stateDirOf } from './state-dir.ts';

/** 0: stopped when asked to; 1: could not start; 2: flags or variables are wrong; 3: did not drain in time. */
type ExitCode = 0 | 1 | 2 | 3;

const VERSION = '0.1.0';

/** By then the first probes and discovery are through. */
const GIVE_BACK_AFTER_MS = 2_000;

async function main(args: readonly string[]): Promise<ExitCode> {
  const tooOld = nodeTooOld(process.versions.node);
  if (tooOld !== undefined) {
    process.stderr.write(`krateyard: ${tooOld}\n`);
    return 1;
  }
  if (args.includes('--help')) {
    process.stdout.write(helpText());
    return 0;
  }
  const config = readConfig(args, process.env);
  const logger = createLogger({ level: config.logLevel });
  const metrics = createMetrics();
  const stop = stopSignal(logger);
  const { cluster, close } = await serveCluster(config, {
    env: process.env,
    clock: systemClock,
    logger,
    metrics,
  });
  try {
    const gateway = await build(config, {
      cluster,
      clock: systemClock,
      logger,
      auditLog: createLogger({ level: 'warn' }),
      metrics,
      version: VERSION,
      stateDir: stateDirOf(config, process.env),
      consoleDir: consoleDirOf(config),
    });
    return await serve(gateway, config, logger, stop);
  } finally {
    await close();
  }
}

/** Prints the sign-in URL as the only line of standard output, then runs until told to stop. */
async function serve(
  gateway: Gateway,
  config: Config,
  logger: Logger,
  stop: Promise<NodeJS.Signals>,
): Promise<ExitCode> {
  try {
    const { signInUrl } = await gateway.listen();
    process.stdout.write(`${signInUrl}\n`);
    systemClock.after(GIVE_BACK_AFTER_MS, giveMemoryBack);
  } catch (error) {
    await drain(gateway, 0);
    throw error;
  }
  logger.info('Stopping.', { signal: await stop });
  return (await drain(gateway, config.drainSeconds * 1000)) ? 0 : 3;
}

/** npm passes Ctrl-C on to a process that the terminal has told already: this soon, a second signal is the same one. */
const SAME_SIGNAL_MS = 1_000;

/** Resolves at the first SIGTERM or SIGINT; a later second one ends the process at once. */
function stopSignal(logger: Logger): Promise<NodeJS.Signals> {
  process.on('unhandledRejection', (error) => logger.error('Nobody caught a failure.', { err: error }));
  return new Promise((resolve) => {
    let firstAt: number | undefined;
    for (const name of ['SIGTERM', 'SIGINT'] as const) {
      process.on(name, () => {
        firstAt ??= systemClock.monotonic();
        if (systemClock.monotonic() - firstAt > SAME_SIGNAL_MS) process.exit(130);
        resolve(name);
      });
    }
  });
}

/** Half a second more than the deadline itself, should closing what drained hang. */
async function drain(gateway: Gateway, deadlineMs: number): Promise<boolean> {
  const late = new AbortController();
  const overdue = systemClock.sleep(deadlineMs + 500, late.signal).then(
    () => false,
    () => true,
  );
  const inTime = await Promise.race([gateway.stop(deadlineMs), overdue]);
  late.abort();
  return inTime;
}

/** The built files beside the bundle (`dist/gateway`), or those of the working tree when run from source. */
function consoleDirOf(config: Config): string | undefined {
  if (config.consoleDir !== undefined) return config.consoleDir;
  const candidates = ['../../dist/console', '../console'].map((path) =>
    fileURLToPath(new URL(path, import.meta.url)),
  );
  return candidates.find((path) => existsSync(`${path}/index.html`));
}

function explain(error: unknown): ExitCode {
  if (error instanceof ConfigProblem) {
    const lines = error.problems.map((one) => `  - ${one}\n`).join('');
    process.stderr.write(`krateyard: wrong settings (--help lists them)\n${lines}`);
    return 2;
  }
  process.stderr.write(`krateyard: ${messageOf(error)}\n`);
  return 1;
}

/** One line for what a person can mend; the whole stack for what only we can. */
function messageOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  if ('code' in error && error.code === 'EADDRINUSE') {
    return `${error.message}. Choose another port with --port N; 0 takes a free one.`;
  }
  const known = error.name === 'ConfigError' || 'syscall' in error;
  return known ? error.message : (error.stack ?? error.message);
}

process.exitCode = await main(process.argv.slice(2)).catch(explain);
