import { requestJson, statusOf } from '@krateyard/ui/live/api-client';
import type { LiveStatus } from '@krateyard/ui/live/live-frames';
import { useTerminalClient, type UsedTerminal } from '@krateyard/ui/terminal/use-terminal-client';
import { CONSOLE_PROTOCOL, type ConsoleHello, type ConsoleInfo } from '../../contract/console-protocol.ts';
import { machineApi, type ScreenAddress } from '../screen/screen-address.ts';
import { socketUrl } from '../screen/screen-connection.ts';
import type { SerialAddress } from './serial-address.ts';

/** A machine's console for as long as the component is mounted. It is come in to also while the machine is off. */
export function useSerial(address: SerialAddress): UsedTerminal<ConsoleHello> {
  return useTerminalClient<ConsoleHello>({
    link: { session: address.session, key: address.key },
    open: (query) => {
      const asked = { wait: 'true', ...Object.fromEntries(query) };
      return new WebSocket(socketUrl(machineApi(address, 'console', asked)), CONSOLE_PROTOCOL);
    },
    explain: () => explain(address),
  });
}

/** Asked after a handshake that failed, of which a browser tells nothing. */
async function explain(address: ScreenAddress): Promise<LiveStatus | undefined> {
  try {
    await requestJson<ConsoleInfo>(machineApi(address, 'console/info'));
    return undefined;
  } catch (error) {
    const status = statusOf(error);
    return [401, 403, 404].includes(status.code) ? status : undefined;
  }
}
