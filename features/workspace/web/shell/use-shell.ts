import { useTerminalClient, type UsedTerminal } from '@krateyard/ui/terminal/use-terminal-client';
import type { ShellHello } from '../../contract/shell-protocol.ts';
import type { ShellAddress } from './shell-address.ts';
import { beginShell, explainRefusal, openShellSocket } from './shell-connection.ts';

/** A shell for as long as the component is mounted. Leaving does not end it: it is held, and can be come back to. */
export function useShell(address: ShellAddress): UsedTerminal<ShellHello> {
  return useTerminalClient<ShellHello>({
    link: { session: address.session, key: address.key },
    begin: (size) => beginShell(address, size),
    open: openShellSocket,
    explain: explainRefusal,
  });
}
