import { fraction, hexOf } from '../hash.ts';
import { patternProgram, type PatternProgramSpec } from './pattern-program.ts';
import type { Program } from './program.ts';

const SERVER = {
  readyAfterMs: 1200,
  load: { cpu: 0.35, memory: 0.6 },
  stopAfterMs: 700,
  stopExitCode: 0,
} as const;

function pick<T>(items: readonly T[], text: string): T {
  return items[Math.floor(fraction(text) * items.length)]!;
}

function iso(ms: number): string {
  return new Date(Math.floor(ms)).toISOString();
}

const PATHS = [
  '/',
  '/healthz',
  '/api/cart',
  '/api/products?page=2',
  '/assets/app.css',
  '/login',
  '/api/orders',
  '/favicon.ico',
];
const AGENTS = [
  'Mozilla/5.0 (X11; Linux x86_64)',
  'curl/8.5.0',
  'kube-probe/1.34',
  'Mozilla/5.0 (iPhone; CPU iPhone OS 18_1 like Mac OS X)',
];
const CODES = [200, 200, 200, 200, 304, 200, 404, 301, 200, 502];
const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

function clfTime(ms: number): string {
  const at = new Date(Math.floor(ms));
  const two = (value: number): string => String(value).padStart(2, '0');
  const day = `${two(at.getUTCDate())}/${MONTHS[at.getUTCMonth()]}/${at.getUTCFullYear()}`;
  return `${day}:${two(at.getUTCHours())}:${two(at.getUTCMinutes())}:${two(at.getUTCSeconds())} +0000`;
}

const webServer: PatternProgramSpec = {
  ...SERVER,
  name: 'web-server',
  readyAfterMs: 300,
  stopWords: ['2026 [notice] 1#1: signal 15 (SIGTERM) received, exiting'],
  pattern: (_setting, seed) => ({
    banner: [
      '/docker-entrypoint.sh: Configuration complete; ready for start up',
      '[notice] 1#1: using the "epoll" event method',
      '[notice] 1#1: start worker processes',
    ],
    periodMs: 2500,
    line: (index, at) => {
      const key = `${seed}:${index}`;
      const client = `10.244.${Math.floor(fraction(`${key}a`) * 5)}.${2 + Math.floor(fraction(`${key}b`) * 250)}`;
      const bytes = Math.floor(fraction(`${key}c`) * 18_000);
      return `${client} - - [${clfTime(at)}] "GET ${pick(PATHS, key)} HTTP/1.1" ${pick(CODES, `${key}d`)} ${bytes} "-" "${pick(AGENTS, `${key}e`)}"`;
    },
  }),
};

const ROUTES = [
  'GET /v1/orders',
  'POST /v1/orders',
  'GET /v1/cart',
  'GET /v1/products',
  'PATCH /v1/cart/items',
  'GET /v1/me',
];

const apiServer: PatternProgramSpec = {
  ...SERVER,
  name: 'api',
  pattern: (setting, seed) => ({
    banner: [
      `{"level":"info","msg":"starting","service":"${setting.container.name}","pid":1}`,
      '{"level":"info","msg":"connected to database","pool":10}',
      '{"level":"info","msg":"listening","port":8080}',
    ],
    periodMs: 1800,
    line: (index, at) => {
      const key = `${seed}:${index}`;
      const slow = fraction(`${key}s`) > 0.97;
      const ms = (slow ? 800 : 3) + Math.floor(fraction(`${key}m`) * (slow ? 1900 : 90));
      return JSON.stringify({
        time: iso(at),
        level: slow ? 'warn' : 'info',
        msg: slow ? 'slow request' : 'request',
        route: pick(ROUTES, key),
        status: fraction(`${key}x`) > 0.985 ? 500 : 200,
        ms,
        trace: hexOf(key, 16),
      });
    },
  }),
};

const worker: PatternProgramSpec = {
  ...SERVER,
  name: 'worker',
  load: { cpu: 0.7, memory: 0.7 },
  stopAfterMs: 1500,
  pattern: (_setting, seed) => ({
    banner: ['worker: joined the queue as consumer 1', 'worker: concurrency 4'],
    periodMs: 3000,
    line: (index, at) => {
      const key = `${seed}:${index}`;
      const took = (0.2 + fraction(key) * 6).toFixed(2);
      return `${iso(at)} INFO job ${hexOf(key, 8)} (${pick(['invoice', 'thumbnail', 'email', 'report', 'sync'], key)}) done in ${took}s`;
    },
  }),
};

const database: PatternProgramSpec = {
  ...SERVER,
  name: 'database',
  readyAfterMs: 2500,
  load: { cpu: 0.25, memory: 0.85 },
  stopAfterMs: 2000,
  stopWords: ['LOG:  received fast shutdown request', 'LOG:  database system is shut down'],
  pattern: (_setting, seed) => ({
    banner: [
      'LOG:  starting PostgreSQL 18.1 on x86_64-pc-linux-gnu',
      'LOG:  listening on IPv4 address "0.0.0.0", port 5432',
      'LOG:  database system is ready to accept connections',
    ],
    periodMs: 30_000,
    line: (index, at) => {
      const buffers = 20 + Math.floor(fraction(`${seed}:${index}`) * 900);
      return `${iso(at).replace('T', ' ').slice(0, 23)} UTC [27] LOG:  checkpoint complete: wrote ${buffers} buffers (${(buffers / 163.84).toFixed(1)}%)`;
    },
  }),
};

const cache: PatternProgramSpec = {
  ...SERVER,
  name: 'cache',
  readyAfterMs: 500,
  load: { cpu: 0.15, memory: 0.5 },
  pattern: () => ({
    banner: ['1:M * Server initialized', '1:M * Ready to accept connections tcp'],
    periodMs: 60_000,
    line: (index) => `1:M * ${100 + (index % 40)} changes in 300 seconds. Saving...`,
  }),
};

const crasher: PatternProgramSpec = {
  ...SERVER,
  name: 'crasher',
  readyAfterMs: undefined,
  load: { cpu: 0.5, memory: 0.2 },
  pattern: () => ({
    banner: [
      'starting payments-reconciler v2.4.1',
      'loading configuration from /etc/reconciler/config.yaml',
      'connecting to ledger at ledger.payments.svc:5432',
    ],
    periodMs: 60_000,
    line: () => 'still connecting',
  }),
  life: (_setting, seed) => ({
    afterMs: 1500 + Math.floor(fraction(seed) * 2500),
    exit: { exitCode: 1 },
    lastWords: [
      'panic: ledger: password authentication failed for user "reconciler"',
      '',
      'goroutine 1 [running]:',
      'main.connect(0xc0000b6000)',
      '\t/src/cmd/reconciler/main.go:71 +0x2c5',
      'exit status 2',
    ],
  }),
};

/** Serves well, and dies now and then. */
const flaky: PatternProgramSpec = {
  ...apiServer,
  name: 'flaky',
  life: (_setting, seed) => ({
    afterMs: 240_000 + Math.floor(fraction(seed) * 900_000),
    exit: { exitCode: 139 },
    lastWords: [
      'fatal: unexpected signal during runtime execution',
      '[signal SIGSEGV: segmentation violation code=0x1 addr=0x18]',
    ],
  }),
};

/** Grows until the kernel ends it. */
const leaker: PatternProgramSpec = {
  ...apiServer,
  name: 'leaker',
  load: { cpu: 0.4, memory: 0.97 },
  life: (_setting, seed) => ({
    afterMs: 400_000 + Math.floor(fraction(seed) * 500_000),
    exit: { exitCode: 137, reason: 'OOMKilled' },
  }),
};

const spammer: PatternProgramSpec = {
  ...SERVER,
  name: 'spammer',
  pattern: (_setting, seed) => ({
    banner: ['debug logging is on'],
    periodMs: 40,
    line: (index, at) =>
      `${iso(at)} DEBUG tick=${index} cache=${hexOf(`${seed}${index}`, 12)} state=ok goroutines=${40 + (index % 17)}`,
  }),
};

const batch: PatternProgramSpec = {
  ...SERVER,
  name: 'batch',
  readyAfterMs: 0,
  load: { cpu: 0.9, memory: 0.4 },
  pattern: () => ({
    banner: ['batch: started'],
    periodMs: 900,
    line: (index) => `batch: chunk ${index + 1} written`,
  }),
  life: (_setting, seed) => ({
    afterMs: 4000 + Math.floor(fraction(seed) * 9000),
    exit: { exitCode: 0 },
    lastWords: ['batch: all chunks written, bye'],
  }),
};

const failingBatch: PatternProgramSpec = {
  ...batch,
  name: 'failing-batch',
  life: (_setting, seed) => ({
    afterMs: 2500 + Math.floor(fraction(seed) * 2000),
    exit: { exitCode: 2 },
    lastWords: ['batch: migration 0042_add_index failed: relation "orders" is locked'],
  }),
};

/** Starts, and never gets ready. */
const unready: PatternProgramSpec = {
  ...apiServer,
  name: 'unready',
  readyAfterMs: undefined,
  pattern: () => ({
    banner: ['{"level":"info","msg":"starting"}'],
    periodMs: 5000,
    line: (_index, at) =>
      `{"time":"${iso(at)}","level":"error","msg":"waiting for schema version 43, found 42"}`,
  }),
};

const silent: PatternProgramSpec = {
  ...SERVER,
  name: 'silent',
  readyAfterMs: 0,
  load: { cpu: 0.02, memory: 0.1 },
  pattern: () => ({ banner: [], periodMs: 3.15e10, line: () => '' }),
};

const agent: PatternProgramSpec = {
  ...SERVER,
  name: 'agent',
  readyAfterMs: 600,
  load: { cpu: 0.2, memory: 0.5 },
  pattern: (setting) => ({
    banner: [`level=info msg="starting" node=${setting.pod.spec.nodeName}`],
    periodMs: 15_000,
    line: (index, at) =>
      `ts=${iso(at)} level=info msg="scrape done" targets=${12 + (index % 4)} cycle=${index}`,
  }),
};

/** The catalogue by name; images ask for one with `demo/NAME` or by being called like a known server. */
export const DEMO_PROGRAMS: ReadonlyMap<string, Program> = new Map(
  [
    webServer,
    apiServer,
    worker,
    database,
    cache,
    crasher,
    flaky,
    leaker,
    spammer,
    batch,
    failingBatch,
    unready,
    silent,
    agent,
  ].map((spec) => [spec.name, patternProgram(spec)] as const),
);
