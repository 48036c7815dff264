import type { HealthPart } from './feature.ts';

/** What `/api/health` says: the whole is as bad as its worst part, where dark parts count as known and harmless. */
export interface Health {
  readonly state: 'ok' | 'degraded' | 'down';
  readonly version: string;
  readonly startedAt: string;
  readonly uptimeSeconds: number;
  readonly parts: Readonly<Record<string, HealthPart>>;
}

const SEVERITY = { ok: 0, dark: 0, degraded: 1, down: 2 } as const;
const WORDS = ['ok', 'degraded', 'down'] as const;

/** A part that cannot even say how it is, is down. */
export function readPart(read: () => HealthPart): HealthPart {
  try {
    return read();
  } catch {
    return { state: 'down', reason: 'This part cannot tell its own health.' };
  }
}

export function overallState(parts: Readonly<Record<string, HealthPart>>): Health['state'] {
  const worst = Math.max(0, ...Object.values(parts).map(({ state }) => SEVERITY[state]));
  return WORDS[worst] ?? 'down';
}
