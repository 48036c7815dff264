import type { TerminalClient } from '@krateyard/ui/terminal/terminal-client';
import type { TerminalSnapshot } from '@krateyard/ui/terminal/terminal-snapshot';
import type { ShellHello } from '../../contract/shell-protocol.ts';

/** A shared terminal that is a shell. */
export type ShellClient = TerminalClient<ShellHello>;
export type ShellSnapshot = TerminalSnapshot<ShellHello>;
