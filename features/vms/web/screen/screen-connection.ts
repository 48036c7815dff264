import type { ByteSocket } from '@krateyard/ui/live/byte-socket';
import { ApiError, requestJson, statusOf } from '@krateyard/ui/live/api-client';
import {
  SCREEN_PROTOCOL,
  type ScreenTicket,
  type TicketRequest,
  type VncInfo,
} from '../../contract/screen-protocol.ts';
import type { VmActionAccepted, VmActionRequest } from '../../contract/vm-api.ts';
import { machineApi, type ScreenAddress } from './screen-address.ts';
import type { Refusal } from './screen-client.ts';

/** The browser's sockets; the session cookie says who asks. */
export function openScreenSocket(address: ScreenAddress): ByteSocket {
  return new WebSocket(socketUrl(machineApi(address, 'screen')), SCREEN_PROTOCOL);
}

export function openPixelSocket(address: ScreenAddress, key: string): ByteSocket {
  return new WebSocket(socketUrl(machineApi(address, 'vnc', { viewer: key })), 'binary');
}

/** A path of this gateway as the address of a socket. */
export function socketUrl(path: string): string {
  return new URL(path, location.href).href.replace(/^http/, 'ws');
}

/** Asked after a handshake that failed, of which a browser tells nothing. */
export async function explainRefusal(address: ScreenAddress): Promise<Refusal | undefined> {
  try {
    const info = await requestJson<VncInfo>(machineApi(address, 'vnc/info'));
    if (info.available) return undefined;
    if (info.refusal) return { sort: 'refused', status: info.refusal };
    return away(info.reason);
  } catch (error) {
    const status = statusOf(error);
    if (!(error instanceof ApiError)) return undefined;
    if ([401, 403, 404].includes(status.code)) return { sort: 'refused', status };
    return status.code >= 500 ? away(status.message) : undefined;
  }
}

const away = (message: string): Refusal => ({
  sort: 'away',
  machine: { state: 'unavailable', message, since: new Date().toISOString() },
});

/** Starts or resumes the machine; what becomes of it is told by the screen's own state. */
export async function actOnMachine(
  address: ScreenAddress,
  action: VmActionRequest['action'],
): Promise<VmActionAccepted> {
  return requestJson<VmActionAccepted>(machineApi(address, 'action'), { method: 'POST', body: { action } });
}

export async function takeTicket(address: ScreenAddress, body: TicketRequest): Promise<ScreenTicket> {
  return requestJson<ScreenTicket>(machineApi(address, 'vnc/ticket'), { method: 'POST', body });
}
