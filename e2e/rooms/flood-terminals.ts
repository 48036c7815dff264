import type { Chance } from '../harness/chance.ts';
import { randomTerminalFrames } from '../harness/random-terminal-frames.ts';
import type { ShellClient } from './shell-client.ts';

/**
 * Sends so many random frames, at most 2,000 over each of the terminals that `open` opens one after the other. Resolves to how often
 * each close code came; 0: it stayed open.
 */
export async function floodTerminals(
  chance: Chance,
  frames: number,
  open: () => Promise<ShellClient>,
): Promise<ReadonlyMap<number, number>> {
  const randomFrame = randomTerminalFrames(chance);
  const codes = new Map<number, number>();
  for (let sent = 0; sent < frames;) {
    const monkey = await open();
    for (let burst = 0; burst < 2_000 && monkey.closeCode === undefined && sent < frames; burst += 1) {
      monkey.raw(randomFrame());
      sent += 1;
      if (monkey.buffered > 1 << 20 || burst % 200 === 0) await new Promise(setImmediate);
    }
    await monkey.closed(300).catch(() => undefined);
    codes.set(monkey.closeCode ?? 0, (codes.get(monkey.closeCode ?? 0) ?? 0) + 1);
    monkey.cut();
  }
  return codes;
}
