import { requestJson, statusOf } from '@krateyard/ui/live/api-client';
import type { ByteSocket } from '@krateyard/ui/live/byte-socket';
import type { LiveStatus } from '@krateyard/ui/live/live-frames';
import {
  SHELL_PROTOCOL,
  type OpenedShell,
  type OpenShell,
  type ShellSummary,
} from '../../contract/shell-protocol.ts';
import type { ShellAddress } from './shell-address.ts';
import { shellStrings } from './shell-strings.ts';

/** Opens a session; its socket comes next. */
export function beginShell(
  { ns, pod, container, command }: ShellAddress,
  size: { readonly rows: number; readonly cols: number },
): Promise<OpenedShell> {
  const body: OpenShell = {
    ns,
    pod,
    ...(container !== undefined && { container }),
    ...(command !== undefined && { command: [...command] }),
    rows: size.rows,
    cols: size.cols,
  };
  return requestJson<OpenedShell>('/api/shells', { method: 'POST', body });
}

/** The browser's socket to `/ws/shell`; the session cookie says who asks. */
export function openShellSocket(query: URLSearchParams): ByteSocket {
  const address = new URL(`/ws/shell?${query}`, location.href.replace(/^http/, 'ws'));
  return new WebSocket(address, SHELL_PROTOCOL);
}

/** Why a session cannot be joined: it is not among those that this person may see. */
export async function explainRefusal(session: string): Promise<LiveStatus | undefined> {
  try {
    const { items } = await requestJson<{ items: readonly ShellSummary[] }>('/api/shells');
    return items.some((one) => one.session === session)
      ? undefined
      : { message: shellStrings.gone, reason: 'NotFound', code: 404 };
  } catch (error) {
    const status = statusOf(error);
    return status.code === 401 ? status : undefined;
  }
}
