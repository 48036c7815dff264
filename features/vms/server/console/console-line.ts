import type { Principal } from '@krateyard/auth/principal';
import { isStatusError, StatusError } from '@krateyard/status/status-error';
import { backoffMs } from '@krateyard/telemetry/clock';
import type { TerminalUpstream, TerminalUpstreamListener } from '@krateyard/terminals/terminal-upstream';
import { ConsoleConnection, type ConnectionNeeds } from './console-connection.ts';
import type { MachinePower } from './machine-power.ts';

export interface LineNeeds extends ConnectionNeeds {
  /** As whom to come back; undefined: nobody is there. */
  readonly next: () => Principal | undefined;
  readonly power: () => MachinePower;
  /** Calls back when the power may have changed; the disposer ends it. */
  readonly observePower: (listener: () => void) => () => void;
}

const ATTEMPT_MS = 10_000;
/** After attempts that failed. */
const FAILED = { baseMs: 500, maxMs: 5_000 };
/**
 * After connections that were cut while the machine went on. KubeVirt gives the console to whoever came last and tells the one
 * before nothing; who opened it elsewhere is cut off by our coming back. So it comes back ever later when that happens again.
 */
const CUT = { baseMs: 2_000, maxMs: 60_000, factor: 5 };
/** A connection that lasted so long was not fought over. */
const STEADY_MS = 30_000;
/** While the machine is off, the watch tells when it runs; this is for when the watch is late. */
const OFF = { baseMs: 30_000, maxMs: 30_000 };

const BROKE = 'The connection to the console broke off. It is being made again.';
const FOUGHT_OVER =
  'The console was cut off again: somebody may have opened it elsewhere (virtctl, another gateway), and KubeVirt gives it to one. It is made again in a while.';

/**
 * A machine's serial port, over as many connections as it takes: it comes back when the machine does, wherever it runs then. What the
 * port says while nothing is connected is heard by nobody.
 */
export class ConsoleLine implements TerminalUpstream {
  readonly #needs: LineNeeds;
  readonly #over = new AbortController();
  #listener: TerminalUpstreamListener | undefined;
  #connection: ConsoleConnection | undefined;
  #dialling = false;
  #paused = false;
  #failures = 0;
  #cuts = 0;
  #upSince = 0;
  /** The machine's run that was last connected to, or tried. */
  #run: string | undefined;
  /** Since the last connection: the same is not said twice while one is waited for. */
  #told = '';
  #cancelWait: (() => void) | undefined;
  #stopObserving: () => void = () => {};

  constructor(needs: LineNeeds) {
    this.#needs = needs;
  }

  /** Before the terminal is there: connected when it resolves. Rejects with StatusError. */
  async connect(who: Principal, signal: AbortSignal): Promise<void> {
    this.#up(await this.#dial(who, signal));
  }

  start(listener: TerminalUpstreamListener): void {
    this.#listener = listener;
    this.#stopObserving = this.#needs.observePower(() => this.#look());
    if (this.#connection) this.#listen(this.#connection);
    else this.#waitForPower();
  }

  get unsentBytes(): number {
    return this.#connection?.unsentBytes ?? 0;
  }

  write(bytes: Uint8Array): boolean {
    if (this.#connection) return this.#connection.send(bytes);
    throw new StatusError('ServiceUnavailable', 'The console is not connected now; what was typed is lost.');
  }

  /** A serial port has no size. */
  resize(): void {}

  endInput(): void {
    throw new StatusError('MethodNotAllowed', 'a serial console has no end of input');
  }

  pause(): void {
    this.#paused = true;
    this.#connection?.pause();
  }

  resume(): void {
    this.#paused = false;
    this.#connection?.resume();
  }

  abort(): void {
    this.#over.abort();
    this.#stopWaiting();
    this.#stopObserving();
    this.#connection?.close();
    this.#connection = undefined;
  }

  async #dial(who: Principal, signal: AbortSignal): Promise<ConsoleConnection> {
    const power = this.#needs.power();
    this.#run = power.is === 'gone' ? undefined : power.run;
    const limited = AbortSignal.any([signal, this.#over.signal, AbortSignal.timeout(ATTEMPT_MS)]);
    try {
      return await ConsoleConnection.open(who, this.#needs, limited);
    } catch (error) {
      if (isStatusError(error)) throw error;
      throw new StatusError('ServiceUnavailable', 'The machine’s console did not answer in time.', {
        cause: error,
      });
    }
  }

  #up(connection: ConsoleConnection): void {
    this.#connection = connection;
    this.#upSince = this.#needs.clock.monotonic();
    this.#failures = 0;
  }

  #listen(connection: ConsoleConnection): void {
    if (this.#paused) connection.pause();
    connection.listen({
      onOutput: (bytes) => this.#listener?.onOutput(bytes, 'stdout'),
      onWritable: () => this.#listener?.onWritable(),
      onCut: () => this.#cut(connection),
    });
  }

  #cut(connection: ConsoleConnection): void {
    if (this.#connection !== connection) return;
    this.#connection = undefined;
    this.#told = '';
    this.#listener?.onWritable();
    const power = this.#needs.power();
    if (power.is !== 'on' || power.run !== this.#run) return this.#look();
    if (this.#needs.clock.monotonic() - this.#upSince >= STEADY_MS) this.#cuts = 0;
    this.#cuts += 1;
    this.#tell('waiting', this.#cuts > 1 ? FOUGHT_OVER : BROKE);
    this.#tryIn(backoffMs(this.#needs.clock, this.#cuts - 1, CUT));
  }

  /** The machine may be another than it was. */
  #look(): void {
    const power = this.#needs.power();
    if (power.is === 'gone') return this.#end();
    if (this.#connection || this.#dialling || power.run === this.#run) return;
    this.#cuts = 0;
    this.#failures = 0;
    this.#waitForPower();
  }

  #waitForPower(): void {
    const power = this.#needs.power();
    if (power.is === 'gone') return this.#end();
    if (power.is === 'on') return this.#tryIn(0);
    this.#run = power.run;
    this.#tell('waiting', power.why);
    this.#tryIn(backoffMs(this.#needs.clock, 0, OFF));
  }

  #tryIn(delayMs: number): void {
    this.#stopWaiting();
    this.#cancelWait = this.#needs.clock.after(delayMs, () => {
      this.#cancelWait = undefined;
      void this.#try();
    });
  }

  async #try(): Promise<void> {
    const who = this.#needs.next();
    if (!who) return this.#failed(undefined);
    this.#dialling = true;
    try {
      const connection = await this.#dial(who, this.#over.signal);
      this.#up(connection);
      this.#tell('attached', 'The console is connected.');
      this.#listen(connection);
    } catch (error) {
      this.#failed(error as StatusError);
    } finally {
      this.#dialling = false;
    }
  }

  #failed(error: StatusError | undefined): void {
    if (this.#over.signal.aborted) return;
    const { clock, power } = this.#needs;
    const now = power();
    if (now.is === 'gone') return this.#end();
    this.#tell('waiting', now.is === 'off' ? now.why : (error?.message ?? BROKE));
    const off = now.is === 'off' && now.run === this.#run;
    this.#tryIn(off ? backoffMs(clock, 0, OFF) : backoffMs(clock, this.#failures++, FAILED));
  }

  #tell(state: 'attached' | 'waiting', message: string): void {
    if (message === this.#told) return;
    this.#told = message;
    this.#listener?.onNotice(state, message);
  }

  #end(): void {
    if (this.#over.signal.aborted) return;
    this.abort();
    this.#listener?.onEnd(async () => ({
      code: null,
      reason: 'machine-gone',
      message: 'The machine has been deleted.',
    }));
  }

  #stopWaiting(): void {
    this.#cancelWait?.();
    this.#cancelWait = undefined;
  }
}
