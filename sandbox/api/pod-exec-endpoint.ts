import type { KubeObject } from '@krateyard/kube/meta/object';
import type { ExecSession, PodRuntime } from '../life/pod-runtime.ts';
import {
  CLOSE,
  ERROR,
  RESIZE,
  STDERR,
  STDIN,
  STDOUT,
  acceptChannels,
  readChannels,
  writePaced,
  type ChannelSocket,
} from './channel-socket.ts';
import { containerOf, requireNode } from './pod-container.ts';
import { isTrue } from './request-info.ts';
import type { UpgradeCall, UpgradeEndpoint } from './upgrade-endpoints.ts';

const PROTOCOLS = [
  'v5.channel.k8s.io',
  'v4.channel.k8s.io',
  'v3.channel.k8s.io',
  'v2.channel.k8s.io',
  'channel.k8s.io',
];

/** Looks a pod up; throws NotFound. */
export type PodLookup = (namespace: string, name: string) => KubeObject;

/** `pods/exec` over a WebSocket: the process starts before the upgrade, so that what fails is an HTTP status. */
export function podExecEndpoint(podOf: PodLookup, runtime: PodRuntime): UpgradeEndpoint {
  return async (call) => {
    const { namespace, name, pod } = targetPod(call, podOf);
    const { query } = call.info;
    const command = query.getAll('command');
    const tty = isTrue(query.get('tty'));
    if (command.length === 0) return refuseCommand(call);
    const session = await runtime.exec(namespace, name, {
      container: containerOf(pod, query.get('container')),
      command,
      stdin: isTrue(query.get('stdin')),
      stdout: isTrue(query.get('stdout')),
      stderr: isTrue(query.get('stderr')) && !tty,
      tty,
    });
    const channels = await acceptChannels(call, PROTOCOLS);
    if (!channels) return session.kill();
    await runSession(channels, session);
  };
}

/** The node finds out that there is nothing to run when the upgrade is done. */
async function refuseCommand(call: UpgradeCall): Promise<void> {
  const channels = await acceptChannels(call, PROTOCOLS);
  if (!channels) return;
  await channels.send(STDOUT, new Uint8Array());
  await finish(channels, { error: 'error executing command in container: no command was given' });
}

/** `pods/attach`: what the container says from now on, and what is typed to it. */
export function podAttachEndpoint(podOf: PodLookup, runtime: PodRuntime): UpgradeEndpoint {
  return async (call) => {
    const { namespace, name, pod } = targetPod(call, podOf);
    const { query } = call.info;
    const session = await runtime.attach(namespace, name, {
      container: containerOf(pod, query.get('container')),
      stdin: isTrue(query.get('stdin')),
      stdout: isTrue(query.get('stdout')),
      stderr: isTrue(query.get('stderr')),
    });
    const channels = await acceptChannels(call, PROTOCOLS);
    if (!channels) return session.kill();
    await runSession(channels, session);
  };
}

function targetPod({ info }: UpgradeCall, podOf: PodLookup) {
  const { namespace, name = '' } = info.target!;
  const pod = podOf(namespace, name);
  requireNode(pod);
  return { namespace, name, pod };
}

async function runSession(channels: ChannelSocket, session: ExecSession): Promise<void> {
  channels.gone.addEventListener('abort', () => session.kill(), { once: true });
  session.stdin.on('error', () => {});
  readChannels(channels, (channel, bytes) => {
    if (channel === STDIN) writePaced(channels, session.stdin, bytes);
    else if (channel === RESIZE) resize(session, bytes);
    else if (channel === CLOSE && bytes[0] === STDIN) session.stdin.end();
  });
  await channels.send(STDOUT, new Uint8Array());
  const streams = [pump(channels, STDOUT, session.stdout), pump(channels, STDERR, session.stderr)];
  const outcome = await session.exited;
  await Promise.all(streams);
  await finish(channels, outcome);
}

async function pump(
  channels: ChannelSocket,
  channel: number,
  source: AsyncIterable<Uint8Array | string>,
): Promise<void> {
  try {
    for await (const chunk of source) {
      if (channels.gone.aborted) return;
      await channels.send(channel, typeof chunk === 'string' ? Buffer.from(chunk) : chunk);
    }
  } catch (error) {
    if (!channels.gone.aborted) throw error;
  }
}

function resize(session: ExecSession, bytes: Buffer): void {
  try {
    const { Width, Height } = JSON.parse(bytes.toString()) as { Width?: number; Height?: number };
    if (Number.isInteger(Width) && Number.isInteger(Height)) session.resize(Width!, Height!);
  } catch {
    // A size that cannot be read leaves the terminal as it is.
  }
}

async function finish(
  channels: ChannelSocket,
  outcome: { exitCode: number } | { error: string },
): Promise<void> {
  const plain = !/^v[45]/.test(channels.protocol);
  if (!plain) await channels.send(ERROR, Buffer.from(JSON.stringify(statusFor(outcome))));
  else if ('error' in outcome) await channels.send(ERROR, Buffer.from(outcome.error));
  else if (outcome.exitCode !== 0)
    await channels.send(ERROR, Buffer.from(`command terminated with exit code ${outcome.exitCode}`));
  channels.close();
}

function statusFor(outcome: { exitCode: number } | { error: string }): object {
  if ('error' in outcome)
    return {
      metadata: {},
      status: 'Failure',
      message: `Internal error occurred: ${outcome.error}`,
      reason: 'InternalError',
      details: { causes: [{ message: outcome.error }] },
      code: 500,
    };
  if (outcome.exitCode === 0) return { metadata: {}, status: 'Success' };
  return {
    metadata: {},
    status: 'Failure',
    message: `command terminated with non-zero exit code: command terminated with exit code ${outcome.exitCode}`,
    reason: 'NonZeroExitCode',
    details: { causes: [{ reason: 'ExitCode', message: String(outcome.exitCode) }] },
  };
}
