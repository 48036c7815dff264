import { useCallback, useEffect, useRef, useState } from 'react';
import type { TerminalHello } from '@krateyard/terminals/terminal-protocol';
import { browserClock } from '../live/browser-clock.ts';
import { onWake } from '../live/on-wake.ts';
import { Store } from '../live/store.ts';
import { useStore } from '../live/use-store.ts';
import { sessionStrings as strings } from './session-strings.ts';
import { TerminalClient, type TerminalClientOptions } from './terminal-client.ts';
import type { TerminalHost } from './terminal-host.ts';
import { NOTHING_YET, type TerminalSnapshot } from './terminal-snapshot.ts';

export interface UsedTerminal<Hello extends TerminalHello> {
  readonly snapshot: TerminalSnapshot<Hello>;
  readonly client: TerminalClient<Hello> | undefined;
  /** For the terminal: connects as soon as there is a screen. */
  readonly attach: (host: TerminalHost) => () => void;
}

const nothing = new Store<TerminalSnapshot<never>>(NOTHING_YET);

/** A shared terminal for as long as the component is mounted. Leaving does not end it: it is held, and can be come back to. */
export function useTerminalClient<Hello extends TerminalHello>(
  where: Omit<TerminalClientOptions, 'screen' | 'clock'>,
): UsedTerminal<Hello> {
  const [client, setClient] = useState<TerminalClient<Hello>>();
  const latest = useRef(where);
  useEffect(() => {
    latest.current = where;
  });
  const snapshot = useStore<TerminalSnapshot<Hello>>(client?.view ?? nothing);
  const attach = useCallback((host: TerminalHost) => {
    const made = new TerminalClient<Hello>({
      ...latest.current,
      clock: browserClock,
      screen: {
        write: (bytes, drawn) => host.write(bytes, drawn),
        gap: (bytes) => host.write(`\r\n\x1b[7m ${strings.lostBytes(bytes)} \x1b[0m\r\n`),
        size: () => host.size,
      },
    });
    const unlisten = onWake(() => made.wake());
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
