/** What `Mod` is called on this keyboard: the sign of the command key on a Mac, else `Ctrl `. */
export const MOD: string =
  typeof navigator !== 'undefined' && /Mac|iPhone|iPad/.test(navigator.userAgent) ? '⌘' : 'Ctrl ';
