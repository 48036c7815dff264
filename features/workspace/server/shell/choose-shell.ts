import type { Client } from '@krateyard/kube/client/client';
import { isCommandNotFound, type ExecEnd } from '@krateyard/kube/stream/exec-status';
import { openExec } from '@krateyard/kube/stream/open-exec';
import { StatusError } from '@krateyard/status/status-error';
import type { Clock } from '@krateyard/telemetry/clock';
import { NO_SHELL } from '../../contract/shell-protocol.ts';

interface Where {
  readonly namespace: string;
  readonly pod: string;
  readonly container: string;
}

interface Needs {
  readonly clock: Clock;
  readonly signal: AbortSignal;
}

/** Any POSIX shell tells of the better ones; the last is itself. */
const ASK = 'command -v bash || command -v zsh || command -v ash || command -v sh || echo sh';
/** Asked at once where there is no `sh` on the path. */
const OTHERS: readonly { readonly probe: readonly string[]; readonly shell: readonly string[] }[] = [
  { probe: ['bash', '-c', 'exit 0'], shell: ['bash'] },
  { probe: ['ash', '-c', 'exit 0'], shell: ['ash'] },
  { probe: ['/bin/sh', '-c', 'exit 0'], shell: ['/bin/sh'] },
  { probe: ['busybox', 'sh', '-c', 'exit 0'], shell: ['busybox', 'sh'] },
  { probe: ['/busybox/sh', '-c', 'exit 0'], shell: ['/busybox/sh'] },
  { probe: ['powershell', '-Command', 'exit 0'], shell: ['powershell'] },
  { probe: ['cmd', '/c', 'exit 0'], shell: ['cmd'] },
];
const MAX_ANSWER_BYTES = 4096;

/**
 * The first shell that the container has: one round trip where it has any `sh`, a second with all other candidates at once
 * where it has none. Throws NotFound with the cause `NoShell`, or what kept it from finding out.
 */
export async function chooseShell(client: Client, where: Where, needs: Needs): Promise<readonly string[]> {
  const asked = await answerTo(client, where, ['sh', '-c', ASK], needs);
  if (asked.found) return [asked.text.trim().split(/\r?\n/)[0] || 'sh'];
  const answers = await Promise.all(OTHERS.map(({ probe }) => answerTo(client, where, probe, needs)));
  const found = OTHERS[answers.findIndex(({ found }) => found)];
  if (found) return found.shell;
  throw new StatusError(
    'NotFound',
    `the container "${where.container}" of pod "${where.pod}" has no shell (looked for bash, zsh, ash, sh, busybox, powershell, cmd); ` +
      'an ephemeral debug container can be used instead',
    {
      details: {
        name: where.pod,
        kind: 'pods',
        causes: [
          {
            reason: NO_SHELL,
            field: 'command',
            message: `POST /api/resource/pods/${where.pod}/debug adds an ephemeral container`,
          },
        ],
      },
    },
  );
}

/** Throws what is about the pod or the connection; that the command is not there is an answer. */
async function answerTo(
  client: Client,
  where: Where,
  command: readonly string[],
  needs: Needs,
): Promise<{ readonly found: boolean; readonly text: string }> {
  const target = { ...where, command, tty: false, stdin: false };
  const stream = await openExec(client, target, needs);
  const ended = Promise.withResolvers<ExecEnd>();
  const onAbort = (): void => stream.abort();
  needs.signal.addEventListener('abort', onAbort, { once: true });
  let text = '';
  stream.start({
    onOutput: (bytes, channel) => {
      if (channel === 'stdout' && text.length < MAX_ANSWER_BYTES) text += bytes.toString('utf8');
    },
    onWritable: () => {},
    onEnd: ended.resolve,
  });
  const end = await ended.promise;
  needs.signal.removeEventListener('abort', onAbort);
  needs.signal.throwIfAborted();
  if (end.is === 'exited') return { found: end.code !== 126 && end.code !== 127, text };
  if (isCommandNotFound(end)) return { found: false, text };
  throw end.error;
}
