import type { AccessQuestion } from '@krateyard/auth/access';
import type { Client } from '@krateyard/kube/client/client';
import type { UpstreamSocket } from '@krateyard/kube/client/upstream-socket';
import { reasonOf, StatusError } from '@krateyard/status/status-error';
import { instancePath } from '../screens/screen-dial.ts';
import type { MachineAddress } from '../screens/screen-machine.ts';

const CONSOLES = {
  group: 'subresources.kubevirt.io',
  version: 'v1',
  resource: 'virtualmachineinstances',
} as const;

/** What the API server asks of who opens a console; without a name: any console of the namespace. */
export function consoleQuestion(namespace: string, name?: string): AccessQuestion {
  return {
    verb: 'get',
    resource: CONSOLES,
    subresource: 'console',
    namespace,
    ...(name !== undefined && { name }),
  };
}

const PROTOCOLS = ['plain.kubevirt.io'];
const RETRY_SECONDS = 5;

/**
 * KubeVirt's `console` of a machine's instance, as the client's identity. KubeVirt gives it to one: whoever had it before is cut off.
 * Throws Forbidden; Conflict, with what to do, for a machine that does not run or has no serial port; ServiceUnavailable for what
 * may pass.
 */
export async function dialConsole(
  client: Client,
  at: MachineAddress,
  signal: AbortSignal,
): Promise<UpstreamSocket> {
  try {
    return await client.openSocket({ path: `${instancePath(at)}/console`, protocols: PROTOCOLS, signal });
  } catch (error) {
    throw consoleRefusal(error, at);
  }
}

/** KubeVirt's refusal in words that say what to do. */
function consoleRefusal(error: unknown, at: MachineAddress): unknown {
  const machine = `${at.namespace}/${at.name}`;
  const { message } = error as Error;
  const reason = reasonOf(error);
  if (reason === 'NotFound') return conflict(at, `${machine} is off; start it to use its console.`, error);
  if (reason === 'BadRequest') {
    const why = /serial/i.test(message)
      ? `${machine} has no serial console: its port is switched off (autoattachSerialConsole).`
      : `${machine} does not run yet or any more; its console is there while it does. (${message})`;
    return conflict(at, why, error);
  }
  if (reason !== 'InternalError') return error;
  return new StatusError(
    'ServiceUnavailable',
    `KubeVirt cannot open the console of ${machine} now. (${message})`,
    {
      details: { retryAfterSeconds: RETRY_SECONDS },
      cause: error,
    },
  );
}

function conflict({ name }: MachineAddress, message: string, cause: unknown): StatusError {
  return new StatusError('Conflict', message, { details: { name, kind: 'virtualmachines' }, cause });
}
