import type { Principal } from '@krateyard/auth/principal';
import { watchRights } from '@krateyard/auth/watch-rights';
import { isConflict, StatusError } from '@krateyard/status/status-error';
import { keepRight } from '@krateyard/terminals/keep-right';
import type { Member } from '@krateyard/terminals/member';
import { Terminal } from '@krateyard/terminals/terminal';
import type { TerminalBounds } from '@krateyard/terminals/terminal-needs';
import { Terminals } from '@krateyard/terminals/terminals';
import type { ConsoleInfo } from '../../contract/console-protocol.ts';
import type { VmInfo } from '../../contract/vm-api.ts';
import { account, type Asker } from '../account.ts';
import type { Books } from '../books.ts';
import type { VmsDeps } from '../deps.ts';
import { machineToLookAt, type MachineAddress } from '../screens/screen-machine.ts';
import { consoleQuestion, dialConsole } from './console-dial.ts';
import { ConsoleLine } from './console-line.ts';
import { powerOf } from './machine-power.ts';

export interface ConsolePlace {
  readonly namespace: string;
  readonly vm: string;
  readonly idleReleaseMs: number;
}

export type ConsoleTerminal = Terminal<ConsolePlace>;

/** What the query of a socket says. */
export interface ConsoleRequest {
  /** Comes in also while the machine is off. */
  readonly waits: boolean;
  readonly session: string | undefined;
  readonly key: string | undefined;
  /** Absent: from the oldest output that is kept. */
  readonly from: number | undefined;
}

export interface AdmittedToConsole {
  readonly terminal: ConsoleTerminal;
  readonly member: Member;
  readonly from: number | undefined;
}

const WINDOW_BYTES = 256 * 1024;
const STALL_MS = 15_000;
const LIMIT = 'consoles';

type DeskDeps = Pick<VmsDeps, 'access' | 'actingAs' | 'audit' | 'clock' | 'consoles' | 'metrics' | 'screens'>;

/** All serial consoles that are open through this gateway: one terminal a machine, whoever comes. */
export class ConsoleDesk {
  readonly bounds: TerminalBounds;
  readonly #deps: DeskDeps;
  readonly #books: Books;
  readonly #terminals: Terminals<ConsolePlace>;
  readonly #byMachine = new Map<string, ConsoleTerminal>();
  readonly #opening = new Map<string, Promise<ConsoleTerminal>>();

  constructor(deps: DeskDeps, books: Books) {
    this.#deps = deps;
    this.#books = books;
    this.#terminals = new Terminals(deps.clock);
    const { holdMs, scrollbackBytes, unattendedMs } = deps.consoles;
    this.bounds = {
      holdMs,
      unattendedMs,
      scrollbackBytes,
      windowBytes: Math.min(WINDOW_BYTES, scrollbackBytes),
      stallMs: STALL_MS,
      idleMs: deps.screens.idleReleaseMs,
    };
    deps.metrics.gauge('krateyard_consoles', 'Serial consoles of machines that are open.', [], (gauge) =>
      gauge.set(this.#terminals.count),
    );
  }

  /** A place at a machine's console, which is connected then. Throws StatusError. */
  async enter(
    asker: Asker,
    at: MachineAddress,
    asked: ConsoleRequest,
    signal: AbortSignal,
  ): Promise<AdmittedToConsole> {
    this.#terminals.requireOpen();
    const machine = await this.#machine(asker.principal, at, signal);
    const terminal = await this.#terminalOf(machine, asker.principal, asked.waits, signal);
    try {
      return await this.#enter(terminal, asker, machine, asked, signal);
    } catch (error) {
      terminal.endUnused();
      throw error;
    }
  }

  /** Throws Forbidden, NotFound. */
  async info(who: Principal, at: MachineAddress, signal: AbortSignal): Promise<ConsoleInfo> {
    const machine = await this.#machine(who, at, signal);
    using use = await this.#books.use();
    const power = powerOf(use.book, keyOf(machine));
    const terminal = this.#byMachine.get(keyOf(machine));
    return {
      vmName: machine.name,
      phase: machine.phase,
      available: power.is === 'on',
      reason: power.is === 'off' ? power.why : '',
      participants: terminal?.summary().participants ?? [],
      recording: terminal?.recorder.on ?? false,
    };
  }

  /** The gateway stops: everybody is told. */
  drain(): void {
    this.#terminals.drain();
  }

  async #machine(who: Principal, at: MachineAddress, signal: AbortSignal): Promise<VmInfo> {
    using use = await this.#books.use();
    return machineToLookAt(this.#deps.access, use.book, who, at, signal, consoleQuestion);
  }

  async #enter(
    terminal: ConsoleTerminal,
    asker: Asker,
    machine: VmInfo,
    asked: ConsoleRequest,
    signal: AbortSignal,
  ): Promise<AdmittedToConsole> {
    const same = asked.session === undefined || asked.session === terminal.id;
    const from = same ? asked.from : undefined;
    if (from !== undefined && from > terminal.scrollback.end)
      throw new StatusError('BadRequest', 'The query’s "from" lies beyond the console’s output.');
    const { principal } = asker;
    // Who was away for too long has the right all the same, and comes in as somebody new.
    const known = asked.key === undefined ? undefined : terminal.returning(principal, asked.key);
    const member = known ?? terminal.admit(principal);
    if (known) return { terminal, member, from };
    const question = consoleQuestion(machine.namespace, machine.name);
    await keepRight(this.#deps.access, terminal, member, [question], signal);
    account(this.#deps, 'console.open', asker, machine, member.id);
    return { terminal, member, from };
  }

  async #terminalOf(
    machine: VmInfo,
    who: Principal,
    waits: boolean,
    signal: AbortSignal,
  ): Promise<ConsoleTerminal> {
    const key = keyOf(machine);
    for (;;) {
      const known = this.#byMachine.get(key);
      if (known && !known.over) return known;
      const opening = this.#opening.get(key);
      if (!opening) break;
      // What keeps another one out need not keep this one out.
      await opening.catch(() => {});
    }
    const opening = this.#open(machine, who, waits, signal).finally(() => this.#opening.delete(key));
    this.#opening.set(key, opening);
    return opening;
  }

  async #open(
    machine: VmInfo,
    who: Principal,
    waits: boolean,
    signal: AbortSignal,
  ): Promise<ConsoleTerminal> {
    using attempt = new DisposableStack();
    attempt.use(this.#deps.screens.limits.acquire(LIMIT, { user: who.id, namespace: machine.namespace }));
    const use = attempt.use(await this.#books.use());
    const key = keyOf(machine);
    const line: ConsoleLine = new ConsoleLine({
      clock: this.#deps.clock,
      dial: (as, until) => dialConsole(this.#deps.actingAs(as), machine, until),
      next: () => terminal.foremost?.principal,
      power: () => powerOf(use.book, key),
      observePower: (listener) => use.book.observe((keys) => void (keys.includes(key) && listener())),
      watchRight: (as, onLost) =>
        watchRights(this.#deps.access, as, [consoleQuestion(machine.namespace, machine.name)], onLost),
    });
    try {
      await line.connect(who, signal).catch((error: unknown) => {
        if (!waits || !isConflict(error)) throw error;
      });
      signal.throwIfAborted();
    } catch (error) {
      line.abort();
      throw error;
    }
    const terminal: ConsoleTerminal = this.#terminal(machine, attempt.move());
    try {
      await terminal.recorder.startByPolicy({ participant: '', username: who.username });
    } catch (error) {
      line.abort();
      terminal.stop('hold-expired');
      throw error;
    }
    terminal.run(line);
    return terminal;
  }

  #terminal({ namespace, name }: VmInfo, held: Disposable): ConsoleTerminal {
    const { clock, consoles, screens } = this.#deps;
    const key = `${namespace}/${name}`;
    const terminal: ConsoleTerminal = new Terminal({
      place: { namespace, vm: name, idleReleaseMs: screens.idleReleaseMs },
      size: undefined,
      clock,
      bounds: this.bounds,
      recordings: consoles.recordings?.portFor({ namespace, vm: name }),
      rightLost: 'The right to use this console was lost.',
      onEnded: () => {},
      onGone: () => {
        held[Symbol.dispose]();
        this.#terminals.forget(terminal);
        if (this.#byMachine.get(key) === terminal) this.#byMachine.delete(key);
      },
    });
    this.#terminals.add(terminal);
    this.#byMachine.set(key, terminal);
    return terminal;
  }
}

const keyOf = ({ namespace, name }: MachineAddress): string => `${namespace}/${name}`;
