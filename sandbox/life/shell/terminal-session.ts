import { BytePipe, EMPTY_SOURCE, type ByteSink } from './byte-pipe.ts';
import { LineEditor, type EditorEvent } from './line-editor.ts';
import { isComplete } from './sh-command.ts';
import { CALLS, endOfThrown, runScript } from './shell.ts';
import { isPromptingShell } from './shell-names.ts';
import { ExitShell, type Io, type ShellScope, type Terminal } from './shell-scope.ts';

const EXIT_INTERRUPTED = 130;
/** Typed ahead while a command runs; beyond it keys are dropped, as by a kernel. */
const TYPE_AHEAD = 64 * 1024;

/** A terminal with a person before it: an editor while the shell waits for a line, a line discipline while a command runs. */
export class TerminalSession {
  #scope: ShellScope;
  #terminal: Terminal;
  #screen: ByteSink;
  #editor = new LineEditor();
  #keys = '';
  #wake: (() => void) | undefined;
  #hungUp = false;
  #decoder = new TextDecoder();
  /** The command in the foreground. */
  #foreground: { readonly input: BytePipe; readonly abort: AbortController; line: string } | undefined;

  constructor(scope: ShellScope, terminal: Terminal, output: ByteSink) {
    this.#scope = scope;
    this.#terminal = terminal;
    this.#screen = newlinesAsOnScreens(output);
  }

  typed(bytes: Uint8Array): void {
    const text = this.#decoder.decode(bytes, { stream: true });
    if (this.#foreground) this.#discipline(text);
    else if (this.#keys.length + text.length <= TYPE_AHEAD) this.#keys += text;
    this.#wake?.();
  }

  hangUp(): void {
    this.#hungUp = true;
    this.#foreground?.input.end();
    this.#wake?.();
  }

  resized(): void {
    this.#tellSize();
  }

  /** Runs the command to its end: a shell without a script prompts for what to do. */
  start(command: readonly string[]): Promise<number> {
    return isPromptingShell(command) ? this.interact(command[0]!) : this.run([...command]);
  }

  /** Prompts, reads and runs until `exit` or the end of the input. */
  async interact(shell: string): Promise<number> {
    const { parse } = await import('just-bash');
    let text = '';
    for (;;) {
      const event = await this.#readLine(text === '' ? this.#promptFor(shell) : '> ');
      if (event.is === 'end') return this.#scope.lastExit;
      if (event.is === 'interrupt') {
        text = '';
        this.#scope.lastExit = EXIT_INTERRUPTED;
        continue;
      }
      text = text === '' ? event.text : `${text}\n${event.text}`;
      if (text.trim() !== '' && !isComplete(parse, text)) continue;
      const command = text;
      text = '';
      if (command.trim() === '') continue;
      try {
        this.#scope.lastExit = await this.#inForeground((scope, io) => runScript(scope, command, io));
      } catch (error) {
        if (error instanceof ExitShell) return error.code;
        this.#scope.lastExit = await this.#ended(error);
      }
    }
  }

  /** One command with the terminal as its input. */
  async run(command: string[]): Promise<number> {
    try {
      return await this.#inForeground((scope, io) => CALLS.runWords(scope, command, io));
    } catch (error) {
      return this.#ended(error);
    }
  }

  #ended(error: unknown): Promise<number> {
    const io = { stdin: EMPTY_SOURCE, stdout: this.#screen, stderr: this.#screen };
    return endOfThrown(this.#scope, error, io);
  }

  async #inForeground(run: (scope: ShellScope, io: Io) => Promise<number>): Promise<number> {
    const abort = new AbortController();
    const input = new BytePipe(true);
    this.#foreground = { input, abort, line: '' };
    if (this.#hungUp) input.end();
    const signal = AbortSignal.any([this.#scope.signal, abort.signal]);
    // The shell's state is to outlive the command, its signal is not.
    const scope: ShellScope = { ...this.#scope, signal };
    this.#tellSize();
    const typedAhead = this.#keys;
    this.#keys = '';
    if (typedAhead !== '') this.#discipline(typedAhead);
    try {
      const interrupted = new Promise<number>((resolve) => {
        signal.addEventListener('abort', () => resolve(EXIT_INTERRUPTED), { once: true });
      });
      return await Promise.race([
        run(scope, { stdin: input, stdout: this.#guarded(signal), stderr: this.#guarded(signal) }),
        interrupted,
      ]);
    } catch (error) {
      if (abort.signal.aborted) return EXIT_INTERRUPTED;
      throw error;
    } finally {
      Object.assign(this.#scope, { ...scope, signal: this.#scope.signal });
      // Lines that the command did not read are the shell's next ones; an interrupt drops them.
      const unread = abort.signal.aborted ? '' : input.drain().toString('utf8');
      this.#keys = unread + this.#foreground.line + this.#keys;
      this.#foreground = undefined;
      input.close();
    }
  }

  /** What an interrupted command still has to say is not shown. */
  #guarded(signal: AbortSignal): ByteSink {
    return {
      write: (chunk) => (signal.aborted ? Promise.resolve() : this.#screen.write(chunk)),
      end: () => {},
    };
  }

  async #readLine(prompt: string): Promise<EditorEvent> {
    await this.#show(this.#editor.begin(prompt));
    for (;;) {
      if (this.#keys !== '') {
        const { screen, event, rest } = this.#editor.feed(this.#keys);
        this.#keys = rest;
        if (screen !== '') await this.#show(screen);
        if (event) return event;
        continue;
      }
      if (this.#hungUp || this.#scope.signal.aborted) return { is: 'end' };
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
  }

  /** The kernel's part: echo, erase, interrupt, end of input, and whole lines to the command. */
  #discipline(text: string): void {
    const front = this.#foreground!;
    for (const key of text) {
      if (key === '\u0003' || key === '\u001c') {
        void this.#show('^C\r\n');
        front.line = '';
        front.abort.abort();
      } else if (key === '\u0004') {
        if (front.line === '') front.input.end();
        else this.#commit(front);
      } else if (key === '\r' || key === '\n') {
        void this.#show('\r\n');
        front.line += '\n';
        this.#commit(front);
      } else if (key === '\u007f' || key === '\b') {
        if (front.line === '') continue;
        front.line = Array.from(front.line).slice(0, -1).join('');
        void this.#show('\b \b');
      } else if (key === '\u0015') {
        void this.#show('\b \b'.repeat(front.line.length));
        front.line = '';
      } else if (front.line.length < TYPE_AHEAD) {
        front.line += key;
        void this.#show(
          key < ' ' && key !== '\t' ? `^${String.fromCodePoint(key.codePointAt(0)! + 64)}` : key,
        );
      }
    }
  }

  #commit(front: { input: BytePipe; line: string }): void {
    const bytes = Buffer.from(front.line, 'utf8');
    front.line = '';
    // A program that has ended reads no more: what is typed to it is lost, as on a terminal.
    front.input.write(bytes).catch(() => {});
  }

  #show(text: string): Promise<void> {
    return this.#screen.write(Buffer.from(text.replaceAll(/\r\n/g, '\n'), 'utf8'));
  }

  #tellSize(): void {
    this.#scope.vars['COLUMNS'] = String(this.#terminal.columns);
    this.#scope.vars['LINES'] = String(this.#terminal.rows);
  }

  #promptFor(shell: string): string {
    const home = this.#scope.vars['HOME'] ?? '/root';
    const { cwd } = this.#scope;
    const where = cwd === home ? '~' : cwd;
    return shell.endsWith('bash')
      ? `root@${this.#scope.machine.environment.hostname}:${where}# `
      : `${where} # `;
  }
}

/** On a terminal a newline also returns the carriage. */
function newlinesAsOnScreens(output: ByteSink): ByteSink {
  return {
    write: (chunk) => {
      if (!chunk.includes(10)) return output.write(chunk);
      return output.write(
        Buffer.from(
          Buffer.from(chunk)
            .toString('latin1')
            .replaceAll(/(?<!\r)\n/g, '\r\n'),
          'latin1',
        ),
      );
    },
    end: () => {},
  };
}
