import type { ShellClient } from './shell-client.ts';

/** Shells that are open in this page, by tray tab: who closes a tab must know what ends with it. */
export const liveShells = new Map<string, Pick<ShellClient, 'view' | 'say'>>();
