import { RingLog } from '../../life/container-log.ts';
import type { Exit, Program, ProgramSetting, RunningProgram } from '../../life/programs/program.ts';
import type { Container } from '../../life/pod-types.ts';
import { CREATED_BY_LABEL, MIGRATION_LABEL, VM_NAME_LABEL } from '../kubevirt-resources.ts';
import type { Computer } from './computer.ts';
import type { Guests, Holder } from './guests.ts';

const READY_MS = 600;

/** The program of launcher pods, where the container is one; `otherwise` for all other containers. */
export function withLauncher(
  guests: Guests,
  otherwise: (container: Container) => Program,
): (container: Container) => Program {
  const launcher = launcherProgram(guests);
  return (container) =>
    container.name === 'compute' && /\/virt-launcher[:@]/.test(container.image ?? '')
      ? launcher
      : otherwise(container);
}

/** virt-launcher: runs the guest of its pod and ends when the guest is off; as the target of a migration it waits for one. */
function launcherProgram(guests: Guests): Program {
  return {
    name: 'virt-launcher',
    readyAfterMs: READY_MS,
    load: { cpu: 0.15, memory: 0.6 },
    start: (setting, ended) => new Launcher(guests, setting, ended),
  };
}

class Launcher implements RunningProgram {
  readonly log: RingLog;
  readonly #guests: Guests;
  readonly #setting: ProgramSetting;
  readonly #ended: (exit: Exit) => void;
  readonly #uid: string;
  #holder: Holder | undefined;
  #over = false;

  constructor(guests: Guests, setting: ProgramSetting, ended: (exit: Exit) => void) {
    this.#guests = guests;
    this.#setting = setting;
    this.#ended = ended;
    this.log = new RingLog(() => setting.clock.now());
    const { labels = {}, name = '', uid = '' } = setting.pod.metadata;
    this.#uid = labels[CREATED_BY_LABEL] ?? name;
    if (labels[MIGRATION_LABEL] === undefined) this.#boot(labels[VM_NAME_LABEL] ?? name);
    else guests.expect(uid, { take: (guest) => this.#hold(guest) });
  }

  stop(): void {
    if (!this.#holder) return this.#end({ exitCode: 0 });
    this.#say('Received signal terminated, signalling graceful shutdown of the guest');
    this.#holder.guest.powerButton();
  }

  kill(): void {
    this.#end({ exitCode: 137, reason: 'Error' });
  }

  #boot(name: string): void {
    const { clock, timers } = this.#setting;
    const after = (delayMs: number, run: () => void): (() => void) => timers.after(delayMs, run);
    const guest = this.#guests.make({ name, clock, after });
    this.#say(`Domain defined: ${name}`);
    this.#hold(guest);
    guest.powerOn();
  }

  #hold(guest: Computer): void {
    const holder: Holder = { guest, release: () => this.#end({ exitCode: 0 }, 'keep') };
    this.#holder = holder;
    guest.onOff = (why) => {
      if (why !== undefined) this.#say(why);
      this.#end(why === undefined ? { exitCode: 0 } : { exitCode: 1, reason: 'Error' });
    };
    this.#guests.hold(this.#uid, holder);
    this.#say('Domain is running');
  }

  #end(exit: Exit, guest: 'cut' | 'keep' = 'cut'): void {
    if (this.#over) return;
    this.#over = true;
    this.#guests.unexpect(this.#setting.pod.metadata.uid ?? '');
    if (this.#holder) this.#guests.drop(this.#uid, this.#holder);
    if (guest === 'cut') this.#holder?.guest.cut();
    this.log.close();
    this.#ended(exit);
  }

  #say(msg: string): void {
    const timestamp = new Date(this.#setting.clock.now()).toISOString();
    this.log.write(`${JSON.stringify({ component: 'virt-launcher', level: 'info', msg, timestamp })}\n`);
  }
}
