import { once } from 'node:events';
import { WebSocket } from 'ws';
import { LOG_PROTOCOL } from '@krateyard/workspace/contract/log-protocol';
import { FRAME_HEADER_BYTES, FRAME_STDOUT } from '@krateyard/terminals/terminal-protocol';
import { SHELL_PROTOCOL } from '@krateyard/workspace/contract/shell-protocol';
import type { BenchCluster } from './bench-cluster.ts';
import type { GatewayChild } from './gateway-child.ts';

/** Bytes of standard output, and the end. */
export interface ShellListener {
  onOutput(bytes: Buffer): void;
  onEnd?(why: string): void;
}

export interface BenchShell {
  readonly socket: WebSocket;
  type(text: string): void;
  close(): void;
}

export interface ShellQuestion {
  readonly pod: string;
  readonly command: readonly string[];
  readonly tty: boolean;
}

const STDOUT = 1;
const STATUS = 3;

/** `pods/exec` of the API server itself, v5.channel.k8s.io. */
export async function dialDirect(
  cluster: BenchCluster,
  { pod, command, tty }: ShellQuestion,
  listener: ShellListener,
): Promise<BenchShell> {
  const query = new URLSearchParams({
    stdin: 'true',
    stdout: 'true',
    stderr: String(!tty),
    tty: String(tty),
  });
  for (const word of command) query.append('command', word);
  const path = `/api/v1/namespaces/${cluster.namespace}/pods/${pod}/exec?${query.toString()}`;
  const socket = new WebSocket(cluster.server.replace(/^http/, 'ws') + path, ['v5.channel.k8s.io'], {
    headers: { authorization: `Bearer ${cluster.token}` },
    perMessageDeflate: false,
    ...(cluster.ca !== undefined && { ca: cluster.ca }),
  });
  socket.on('message', (message: Buffer) => {
    if (message[0] === STDOUT && message.length > 1) listener.onOutput(message.subarray(1));
    if (message[0] === STATUS) listener.onEnd?.(message.toString('utf8', 1));
  });
  await opened(socket);
  return {
    socket,
    type: (text) => socket.send(Buffer.from(`\0${text}`)),
    close: () => socket.terminate(),
  };
}

/** `/ws/shell` of the gateway. */
export async function dialShell(
  cluster: BenchCluster,
  gateway: GatewayChild,
  { pod, command, tty }: ShellQuestion,
  listener: ShellListener & { onFrame?(frame: { readonly type: string }): void },
): Promise<BenchShell> {
  const query = new URLSearchParams({ ns: cluster.namespace, pod, tty: String(tty) });
  for (const word of command) query.append('command', word);
  const socket = dial(cluster, gateway, `/ws/shell?${query.toString()}`, SHELL_PROTOCOL);
  let offset = 0;
  let acknowledged = 0;
  let windowBytes = 0;
  socket.on('message', (message: Buffer, binary: boolean) => {
    if (!binary) {
      const frame = JSON.parse(String(message)) as { type: string; windowBytes?: number };
      windowBytes = frame.windowBytes ?? windowBytes;
      if (frame.type === 'exit') listener.onEnd?.(String(message));
      return listener.onFrame?.(frame);
    }
    const bytes = message.subarray(FRAME_HEADER_BYTES);
    offset = Number(message.readBigUInt64BE(1)) + bytes.length;
    if (offset - acknowledged >= windowBytes / 4) {
      acknowledged = offset;
      socket.send(JSON.stringify({ type: 'ack', offset }));
    }
    if (message[0] === FRAME_STDOUT) listener.onOutput(bytes);
  });
  await opened(socket);
  return {
    socket,
    type: (text) => socket.send(Buffer.from(`\0${text}`)),
    close: () => {
      if (socket.readyState === socket.OPEN) socket.send('{"type":"end"}');
      socket.close();
    },
  };
}

/** `/ws/logs` of the gateway. */
export async function dialLogs(
  cluster: BenchCluster,
  gateway: GatewayChild,
  query: Readonly<Record<string, string>>,
  onFrame: (text: Buffer) => void,
): Promise<WebSocket> {
  const text = new URLSearchParams({ ns: cluster.namespace, ...query });
  const socket = dial(cluster, gateway, `/ws/logs?${text.toString()}`, LOG_PROTOCOL);
  socket.on('message', onFrame);
  await opened(socket);
  return socket;
}

function dial(cluster: BenchCluster, gateway: GatewayChild, path: string, protocol: string): WebSocket {
  return new WebSocket(gateway.origin.replace(/^http/, 'ws') + path, [protocol], {
    headers: { authorization: `Bearer ${cluster.token}` },
    perMessageDeflate: false,
  });
}

async function opened(socket: WebSocket): Promise<void> {
  socket.once('unexpected-response', (_request, response) => {
    response.on('data', (bytes: Buffer) => socket.emit('error', new Error(bytes.toString())));
  });
  await once(socket, 'open');
  socket.on('error', () => {});
}
