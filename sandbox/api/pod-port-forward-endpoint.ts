import { once } from 'node:events';
import type { Duplex } from 'node:stream';
import type { PodRuntime } from '../life/pod-runtime.ts';
import { badRequest } from './api-errors.ts';
import { acceptChannels, readChannels, writePaced, type ChannelSocket } from './channel-socket.ts';
import { requireNode } from './pod-container.ts';
import type { PodLookup } from './pod-exec-endpoint.ts';
import type { UpgradeEndpoint } from './upgrade-endpoints.ts';

/** `pods/portforward` over a WebSocket: two channels a port, bytes and errors, each opened with the port's number. */
export function podPortForwardEndpoint(podOf: PodLookup, runtime: PodRuntime): UpgradeEndpoint {
  return async (call) => {
    const { namespace, name = '' } = call.info.target!;
    requireNode(podOf(namespace, name));
    const ports = call.info.query.getAll('ports').flatMap((text) => text.split(',').map(readPort));
    const channels = await acceptChannels(call, ['v4.channel.k8s.io']);
    if (!channels) return;
    const connections = await Promise.all(
      ports.map((port, index) =>
        connect(channels, index * 2, port, () => runtime.dial(namespace, name, port)),
      ),
    );
    readChannels(channels, (channel, bytes) => {
      const connection = connections[channel >> 1];
      if (connection && channel % 2 === 0) writePaced(channels, connection, bytes);
    });
    channels.gone.addEventListener(
      'abort',
      () => connections.forEach((connection) => connection?.destroy()),
      {
        once: true,
      },
    );
  };
}

function readPort(text: string): number {
  const port = Number(text);
  if (!/^\d+$/.test(text) || port < 1 || port > 65_535)
    throw badRequest(`invalid port ${JSON.stringify(text)}`);
  return port;
}

async function connect(
  channels: ChannelSocket,
  channel: number,
  port: number,
  dial: () => Promise<Duplex>,
): Promise<Duplex | undefined> {
  const number = Buffer.from([port & 0xff, port >> 8]);
  await channels.send(channel, number);
  await channels.send(channel + 1, number);
  try {
    const connection = await dial();
    void carry(channels, channel, connection);
    return connection;
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    await channels.send(channel + 1, Buffer.from(`error forwarding port ${port}: ${why}`));
    return undefined;
  }
}

async function carry(channels: ChannelSocket, channel: number, connection: Duplex): Promise<void> {
  connection.on('error', () => {});
  connection.on('data', (bytes: Buffer) => {
    connection.pause();
    void channels.send(channel, bytes).then(() => connection.resume());
  });
  // An error of the connection ends the channels as its close does.
  await once(connection, 'close').catch(() => {});
  channels.close();
}
