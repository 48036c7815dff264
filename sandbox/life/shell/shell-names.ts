const SHELLS = /^(\/bin\/|\/usr\/bin\/)?(sh|ash|bash)$/;

export function isShell(name: string): boolean {
  return SHELLS.test(name);
}

/** A shell that on a terminal prompts for its commands. */
export function isPromptingShell(command: readonly string[]): boolean {
  return isShell(command[0] ?? '') && command.slice(1).every((arg) => /^-[il]+$|^--login$/.test(arg));
}
