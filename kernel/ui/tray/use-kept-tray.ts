import { useEffect } from 'react';
import { emptyTray, keepTray, readTray } from './tray-storage.ts';
import { tray } from './tray.ts';

/** Restores the tray that this person had in this browser tab, and keeps it from then on. */
export function useKeptTray(owner: string): void {
  useEffect(() => {
    const storage = sessionStorageOrNone();
    if (storage) tray.set(readTray(storage, owner));
    const stop = tray.subscribe(() => {
      if (storage) keepTray(storage, owner, tray.get());
    });
    return () => {
      stop();
      // Whoever signs in next starts with their own.
      tray.set(emptyTray());
    };
  }, [owner]);
}

function sessionStorageOrNone(): Storage | undefined {
  try {
    return sessionStorage;
  } catch {
    return undefined;
  }
}
