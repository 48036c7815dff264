import type { Client } from '@krateyard/kube/client/client';
import type { UpstreamSocket } from '@krateyard/kube/client/upstream-socket';
import { reasonOf, StatusError } from '@krateyard/status/status-error';
import type { MachineAddress } from './screen-machine.ts';

/** Of QEMU's one screen: taken from whom KubeVirt gave it before, or only had when nobody has it. */
export type ScreenGrip = 'take' | 'if-free';

const PROTOCOLS = ['plain.kubevirt.io'];

/**
 * KubeVirt's `vnc` of a machine's instance, as the client's identity. Throws Forbidden; Conflict, with what to do, for a machine
 * that does not run or has no screen; ServiceUnavailable for what may pass.
 */
export async function dialScreen(
  client: Client,
  at: MachineAddress,
  options: { readonly grip: ScreenGrip; readonly signal: AbortSignal },
): Promise<UpstreamSocket> {
  const query = options.grip === 'if-free' ? '?preserveSession=true' : '';
  try {
    return await client.openSocket({
      path: `${instancePath(at)}/vnc${query}`,
      protocols: PROTOCOLS,
      signal: options.signal,
    });
  } catch (error) {
    throw screenRefusal(error, at, options.grip);
  }
}

export function instancePath({ namespace, name }: MachineAddress): string {
  return `/apis/subresources.kubevirt.io/v1/namespaces/${encodeURIComponent(namespace)}/virtualmachineinstances/${encodeURIComponent(name)}`;
}

const RETRY_SECONDS = 5;

/** KubeVirt's refusal in words that say what to do. */
export function screenRefusal(error: unknown, at: MachineAddress, grip: ScreenGrip): unknown {
  const machine = `${at.namespace}/${at.name}`;
  const { message } = error as Error;
  const reason = reasonOf(error);
  if (reason === 'NotFound') return conflict(at, `${machine} is off; start it to see its screen.`, error);
  if (reason === 'BadRequest') {
    const why = /graphics/i.test(message)
      ? `${machine} has no screen: its graphics device is switched off (autoattachGraphicsDevice).`
      : `${machine} does not run yet or any more; its screen is there while it does. (${message})`;
    return conflict(at, why, error);
  }
  if (reason !== 'InternalError') return error;
  const why =
    grip === 'if-free'
      ? `KubeVirt does not give the screen of ${machine} now: somebody else may have it (virtctl, another gateway), or it is on its way.`
      : `KubeVirt cannot open the screen of ${machine} now. (${message})`;
  return new StatusError('ServiceUnavailable', why, {
    details: { retryAfterSeconds: RETRY_SECONDS },
    cause: error,
  });
}

function conflict({ name }: MachineAddress, message: string, cause: unknown): StatusError {
  return new StatusError('Conflict', message, { details: { name, kind: 'virtualmachines' }, cause });
}
