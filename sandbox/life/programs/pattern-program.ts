import type { Exit, Program, ProgramSetting, RunningProgram } from './program.ts';
import { PatternLog, type LogPattern } from './pattern-log.ts';

export interface PatternProgramSpec {
  readonly name: string;
  readonly readyAfterMs: number | undefined;
  readonly load: Program['load'];
  /** The log's pattern for one container; `seed` tells containers apart. */
  pattern(setting: ProgramSetting, seed: string): LogPattern;
  /** When and how it ends by itself; absent for servers. */
  readonly life?: (
    setting: ProgramSetting,
    seed: string,
  ) => { afterMs: number; exit: Exit; lastWords?: readonly string[] } | undefined;
  /** How long it takes to leave after SIGTERM, and how it then ends. */
  readonly stopAfterMs: number;
  readonly stopExitCode: number;
  readonly stopWords?: readonly string[];
}

/** A program that is a function of time: it costs one timer at most, and none while it just runs. */
export function patternProgram(spec: PatternProgramSpec): Program {
  return {
    name: spec.name,
    readyAfterMs: spec.readyAfterMs,
    load: spec.load,
    start: (setting, ended) => startPattern(spec, setting, ended),
  };
}

function startPattern(
  spec: PatternProgramSpec,
  setting: ProgramSetting,
  ended: (exit: Exit) => void,
): RunningProgram {
  const { pod, container, instance, clock, timers, startedAt } = setting;
  const seed = `${pod.metadata.namespace}/${pod.metadata.name}/${container.name}#${instance}`;
  const log = new PatternLog({
    pattern: spec.pattern(setting, seed),
    seed,
    clock,
    timers,
    startMs: startedAt,
  });
  const life = spec.life?.(setting, seed);
  let over = false;
  const end = (exit: Exit, words?: readonly string[]): void => {
    if (over) return;
    over = true;
    cancelLife?.();
    log.close(words);
    ended(exit);
  };
  const cancelLife = life && timers.after(life.afterMs, () => end(life.exit, life.lastWords));
  return {
    log,
    stop: () => {
      timers.after(spec.stopAfterMs, () => end({ exitCode: spec.stopExitCode }, spec.stopWords));
    },
    kill: () => end({ exitCode: 137, reason: 'Error' }),
  };
}
