import { join } from 'node:path';
import type { Config } from './config-schema.ts';

/** Where the session key lives: as configured, else by the XDG rules; undefined when there is no home folder. */
export function stateDirOf(
  config: Config,
  env: Readonly<Record<string, string | undefined>>,
): string | undefined {
  if (config.stateDir !== undefined) return config.stateDir;
  const root = env['XDG_STATE_HOME'] ?? (env['HOME'] && join(env['HOME'], '.local', 'state'));
  return root ? join(root, 'krateyard') : undefined;
}
