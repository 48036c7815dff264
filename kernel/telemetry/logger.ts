import { pino, stdSerializers, type Logger as PinoLogger } from 'pino';
import type { LogFields } from './keys.ts';

export type LogLevel = 'debug' | 'info' | 'warn' | 'error' | 'silent';

/** What the code asks of a log: a constant message and fields with known keys. Never a secret, keystroke or body. */
export interface Logger {
  debug(message: string, fields?: LogFields): void;
  info(message: string, fields?: LogFields): void;
  warn(message: string, fields?: LogFields): void;
  error(message: string, fields?: LogFields): void;
  /** A logger whose every line carries `fields`. */
  with(fields: LogFields): Logger;
}

/** Query parameters and headers that can hold credentials, wherever they appear in a line. */
const REDACTED = [
  'token',
  'ticket',
  'authorization',
  'cookie',
  'password',
  'headers',
  '*.token',
  '*.authorization',
  '*.cookie',
  '*.password',
  'err.config',
  'err.options',
  'err.headers',
];

/** A JSON-lines logger on `destination` (a stream; standard error by default, as standard output carries the sign-in URL). */
export function createLogger(options: { level: LogLevel; destination?: NodeJS.WritableStream }): Logger {
  const root = pino(
    {
      level: options.level,
      base: null,
      redact: { paths: REDACTED, censor: '[redacted]' },
      serializers: { err: stdSerializers.err },
      formatters: { level: (label) => ({ level: label }) },
      timestamp: () => `,"time":"${new Date().toISOString()}"`,
    },
    options.destination ?? process.stderr,
  );
  return wrap(root);
}

/** For tests and for libraries that were given no logger. */
export const silentLogger: Logger = {
  debug: () => {},
  info: () => {},
  warn: () => {},
  error: () => {},
  with: () => silentLogger,
};

function wrap(target: PinoLogger): Logger {
  return {
    debug: (message, fields) => target.debug(fields ?? {}, message),
    info: (message, fields) => target.info(fields ?? {}, message),
    warn: (message, fields) => target.warn(fields ?? {}, message),
    error: (message, fields) => target.error(fields ?? {}, message),
    with: (fields) => wrap(target.child(fields)),
  };
}
