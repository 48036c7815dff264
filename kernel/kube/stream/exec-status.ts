import { StatusError, fromStatusBody } from '@krateyard/status/status-error';
import { jsonOrUndefined } from '../client/json-or-undefined.ts';

/** How a process in a container came to its end, as far as the API server tells. */
export type ExecEnd =
  | { readonly is: 'exited'; readonly code: number }
  /** It never ran, or the node lost track of it. */
  | { readonly is: 'failed'; readonly error: StatusError }
  /** The connection ended without a word about the process. */
  | { readonly is: 'lost'; readonly error: StatusError };

interface Told {
  readonly status?: unknown;
  readonly reason?: unknown;
  readonly code?: unknown;
  readonly details?: { readonly causes?: readonly { reason?: unknown; message?: unknown }[] };
}

/** Reads what came on the error channel: a Status (v4, v5), `Success` included. Anything else is a failure in its own words. */
export function readExecStatus(bytes: Buffer): ExecEnd {
  const told = jsonOrUndefined(bytes) as Told | undefined;
  if (typeof told !== 'object' || told === null) {
    return failed(new StatusError('InternalError', bytes.toString('utf8').slice(0, 1024).trim()));
  }
  if (told.status === 'Success') return { is: 'exited', code: 0 };
  if (told.reason === 'NonZeroExitCode') {
    const cause = told.details?.causes?.find(({ reason }) => reason === 'ExitCode');
    const code = Number(cause?.message);
    if (Number.isInteger(code)) return { is: 'exited', code };
  }
  const code = typeof told.code === 'number' ? told.code : 500;
  return failed(fromStatusBody(code, { kind: 'Status', ...told }));
}

function failed(error: StatusError): ExecEnd {
  return { is: 'failed', error };
}

/**
 * True when a container runtime could not start the command: it is not there, or may not be run. Runtimes say so in words only
 * (runc and crun through containerd and CRI-O).
 */
export function isCommandNotFound(end: ExecEnd): boolean {
  if (end.is === 'exited') return end.code === 126 || end.code === 127;
  if (end.is === 'lost') return false;
  return /executable file not found|no such file or directory|permission denied|failed to start exec|not found in \$PATH/i.test(
    end.error.message,
  );
}
