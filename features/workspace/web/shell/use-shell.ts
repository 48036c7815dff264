import { useCallback, useEffect, useRef, useState } from 'react';
import { browserClock } from '@krateyard/ui/live/browser-clock';
import { Store } from '@krateyard/ui/live/store';
import { useStore } from '@krateyard/ui/live/use-store';
import type { TerminalHost } from '@krateyard/ui/terminal/terminal-host';
import type { ShellAddress } from './shell-address.ts';
import { ShellClient } from './shell-client.ts';
import { beginShell, explainRefusal, onReturn, openShellSocket } from './shell-connection.ts';
import { NOTHING_YET, type ShellSnapshot } from './shell-snapshot.ts';
import { shellStrings as strings } from './shell-strings.ts';

export interface UsedShell {
  readonly snapshot: ShellSnapshot;
  readonly client: ShellClient | undefined;
  /** For the terminal: connects as soon as there is a screen. */
  readonly attach: (host: TerminalHost) => () => void;
}

const nothing = new Store(NOTHING_YET);

/** A shell for as long as the component is mounted. Leaving does not end it: it is held, and can be come back to. */
export function useShell(address: ShellAddress): UsedShell {
  const [client, setClient] = useState<ShellClient>();
  const latest = useRef(address);
  useEffect(() => {
    latest.current = address;
  });
  const snapshot = useStore(client?.view ?? nothing);
  const attach = useCallback((host: TerminalHost) => {
    const made = new ShellClient({
      address: latest.current,
      begin: beginShell,
      open: openShellSocket,
      explain: explainRefusal,
      clock: browserClock,
      screen: {
        write: (bytes, drawn) => host.write(bytes, drawn),
        gap: (bytes) => host.write(`\r\n\x1b[7m ${strings.lostBytes(bytes)} \x1b[0m\r\n`),
        size: () => host.size,
      },
    });
    const unlisten = onReturn(() => made.wake());
    setClient(made);
    made.start();
    return () => {
      unlisten();
      made.stop();
      setClient(undefined);
    };
  }, []);
  return { snapshot, client, attach };
}
