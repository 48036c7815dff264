import { FanOut, ratesOf, thousands, type Measured, type Rates } from './fanout/fan-out.ts';
import { CLIENTS, MODES, UPDATE_BYTES, type Mode } from './fanout/protocol.ts';

/** Rounds of 20 updates a measurement, and measurements a mode; the median counts. */
const ROUNDS = 15;
const REPEATS = 5;

/** 1 KB updates to 1,000 sockets: through the hub, as raw writes of pre-framed bytes, and as ws.send(JSON.stringify()) a client. */
export async function run(): Promise<void> {
  using fan = await FanOut.open('fanout/server.ts');
  const measured: Measured[] = [];
  for (let repeat = 0; repeat < REPEATS; repeat += 1)
    for (const mode of MODES) measured.push(await fan.measure(mode, ROUNDS));
  print(measured);
}

function print(measured: readonly Measured[]): void {
  console.log(
    `${CLIENTS} sockets, ${UPDATE_BYTES} B a message, one message an update, medians of ${REPEATS}`,
  );
  const rates = new Map(MODES.map((mode) => [mode, ratesOf(measured.filter((one) => one.mode === mode))]));
  for (const [mode, { wall, cpu }] of rates) {
    console.log(
      `${NAMES[mode].padEnd(44)} ${thousands(wall).padStart(6)} deliveries/s, ${thousands(cpu).padStart(6)} per CPU second of the server`,
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

const NAMES: Readonly<Record<Mode, string>> = {
  raw: 'socket.write of the same pre-framed bytes',
  ours: 'the hub',
  naive: 'ws.send(JSON.stringify(update)) a client',
};

function ratio(a: number, b: number): string {
  return `${(a / b).toFixed(2)} ×`;
}
