import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import {
  CLIENTS,
  MODES,
  UPDATE_BYTES,
  type FromClients,
  type FromServer,
  type Mode,
  type ToClients,
  type ToServer,
} from './fanout/protocol.ts';

/** Rounds of 20 updates a measurement, and measurements a mode; the median counts. */
const ROUNDS = 15;
const REPEATS = 5;

type Measured = Extract<FromServer, { is: 'measured' }>;

/** 1 KB updates to 1,000 sockets: through the hub, as raw writes of pre-framed bytes, and as ws.send(JSON.stringify()) a client. */
export async function run(): Promise<void> {
  const server = start('server.ts');
  const clients = start('clients.ts');
  try {
    const { port } = await next<Extract<FromServer, { is: 'listening' }>>(server, 'listening');
    tell(clients, { do: 'connect', port });
    await next(clients, 'connected');
    clients.on('message', (message: FromClients) => {
      if (message.is === 'received') tell(server, { do: 'received', bytes: message.bytes });
    });
    const measured: Measured[] = [];
    for (let repeat = 0; repeat < REPEATS; repeat += 1) {
      for (const mode of MODES) {
        tell(server, { do: 'measure', mode, rounds: ROUNDS });
        measured.push(await next<Measured>(server, 'measured'));
      }
    }
    print(measured);
  } finally {
    server.kill();
    clients.kill();
  }
}

function print(measured: readonly Measured[]): void {
  console.log(
    `${CLIENTS} sockets, ${UPDATE_BYTES} B a message, one message an update, medians of ${REPEATS}`,
  );
  const rates = new Map(MODES.map((mode) => [mode, ratesOf(mode, measured)]));
  for (const [mode, { wall, cpu }] of rates) {
    console.log(
      `${NAMES[mode].padEnd(44)} ${thousands(wall)} deliveries/s, ${thousands(cpu)} per CPU second of the server`,
    );
  }
  const [ours, raw, naive] = (['ours', 'raw', 'naive'] as const).map((mode) => rates.get(mode)!) as [
    Rates,
    Rates,
    Rates,
  ];
  console.log(
    `ours ÷ raw writes:            ${ratio(ours.cpu, raw.cpu)} by CPU, ${ratio(ours.wall, raw.wall)} by wall clock (target ≥ 0.8)`,
  );
  console.log(
    `ours ÷ ws.send per client:    ${ratio(ours.cpu, naive.cpu)} by CPU, ${ratio(ours.wall, naive.wall)} by wall clock`,
  );
}

interface Rates {
  readonly wall: number;
  readonly cpu: number;
}

const NAMES: Readonly<Record<Mode, string>> = {
  raw: 'socket.write of the same pre-framed bytes',
  ours: 'the hub',
  naive: 'ws.send(JSON.stringify(update)) a client',
};

function ratesOf(mode: Mode, measured: readonly Measured[]): Rates {
  const own = measured.filter((one) => one.mode === mode);
  return {
    wall: median(own.map(({ updates, wallMs }) => (updates * CLIENTS * 1000) / wallMs)),
    cpu: median(own.map(({ updates, cpuMs }) => (updates * CLIENTS * 1000) / cpuMs)),
  };
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;
}

function ratio(a: number, b: number): string {
  return `${(a / b).toFixed(2)} ×`;
}

function thousands(value: number): string {
  return `${Math.round(value / 1000)}k`.padStart(6);
}

function start(file: string): ChildProcess {
  return fork(join(import.meta.dirname, 'fanout', file), { stdio: 'inherit' });
}

async function next<T extends { is: string }>(child: ChildProcess, is: string): Promise<T> {
  for (;;) {
    const [message] = (await once(child, 'message')) as [T];
    if (message.is === is) return message;
  }
}

function tell(child: ChildProcess, message: ToServer | ToClients): void {
  child.send(message);
}
