/** Where a shell is, or is to be opened: in the address bar, in a tab's params, in the query of `/ws/shell`. */
export interface ShellAddress {
  readonly ns: string;
  readonly pod: string;
  /** Absent: the server chooses, as kubectl does. */
  readonly container?: string | undefined;
  /** Absent: the first shell that the container has. */
  readonly command?: readonly string[] | undefined;
  /** An open session: joined, or come back to with `key`. */
  readonly session?: string | undefined;
  readonly key?: string | undefined;
}

export const SHELL_PATH = '/shell';
export const SHELLS_PATH = '/shells';

/** Reads tab params or a query; unknown names are left out. */
export function readShellAddress(params: Readonly<Record<string, string | undefined>>): ShellAddress {
  const { ns = '', pod = '', container, command, session, key } = params;
  return {
    ns,
    pod,
    ...(container && { container }),
    ...(command && { command: splitCommand(command) }),
    ...(session && { session }),
    ...(key && { key }),
  };
}

/** Tab params of an address; what is absent has no name. */
export function shellParams(address: ShellAddress): Record<string, string> {
  const { ns, pod, container, command, session, key } = address;
  return {
    ns,
    pod,
    ...(container && { container }),
    ...(command && command.length > 0 && { command: joinCommand(command) }),
    ...(session && { session }),
    ...(key && { key }),
  };
}

/** The page of a shell. Never with the key: whoever gets the link joins as themselves. */
export function shellHref(address: ShellAddress): string {
  const query = new URLSearchParams(shellParams({ ...address, key: undefined }));
  return `${SHELL_PATH}?${query.toString().replaceAll('%2F', '/')}`;
}

/** Words as a shell would part them: white space parts, quotes keep together, a backslash keeps the next character. */
export function splitCommand(text: string): string[] {
  const words: string[] = [];
  for (const [, word = ''] of text.matchAll(/((?:"(?:\\.|[^"\\])*"?|'[^']*'?|\\.|[^\s"'\\])+)/gs)) {
    words.push(
      word.replaceAll(/"((?:\\.|[^"\\])*)"?|'([^']*)'?|\\(.)/gs, (_all, double, single, escaped) =>
        double === undefined
          ? String(single ?? escaped ?? '')
          : String(double).replaceAll(/\\(["\\$`])/g, '$1'),
      ),
    );
  }
  return words;
}

/** The reverse: read again by `splitCommand` it gives the same words. */
export function joinCommand(words: readonly string[]): string {
  return words
    .map((word) => (/^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", `'"'"'`)}'`))
    .join(' ');
}
