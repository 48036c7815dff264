import type { Principal } from '@krateyard/auth/principal';
import { isConflict, isNotFound, isStatusError, StatusError } from '@krateyard/status/status-error';
import type { TaskReport } from '@krateyard/tasks/task-board';
import type { Task } from '@krateyard/tasks/task';
import type { VmAction, VmInfo } from '../contract/vm-api.ts';
import type { Books } from './books.ts';
import type { VmsDeps } from './deps.ts';
import { unheardWukong } from './wukong-lever.ts';
import { LEVERS, type Lever } from './levers.ts';
import { WUKONGS } from './machine-types.ts';
import { untilMachine, type Verdict } from './until-machine.ts';

const DEADLINE_MS = 5 * 60_000;

/** Does things to machines, as the person, and follows them until the watch shows that they have happened. */
export class VmActions {
  readonly #deps: VmsDeps;
  readonly #books: Books;

  constructor(deps: VmsDeps, books: Books) {
    this.#deps = deps;
    this.#books = books;
  }

  /** Starts a task; what the API server refuses at once is thrown instead. */
  async act(
    who: Principal,
    vm: VmInfo,
    action: VmAction,
    signal: AbortSignal,
  ): Promise<{ message: string; task: Task }> {
    const lever = LEVERS[action];
    const name = `${vm.namespace}/${vm.name}`;
    const already = lever.already(vm);
    if (already) await this.#deps.access.require(who, lever.right(vm), signal);
    const asked = already ? undefined : await this.#ask(lever, who, vm, action, signal);
    const task = this.#deps.tasks.start(
      who,
      {
        action: `vms.${action}`,
        title: `${lever.title} ${name}`,
        targets: [{ kind: 'kubevirt.io/v1/virtualmachines', namespace: vm.namespace, name: vm.name }],
      },
      async (report, stopped) => {
        report.accepted(already ? 'It is so already.' : asked);
        if (!already) await this.#follow(lever, vm, report, stopped);
      },
    );
    return { message: already ? `${name} is so already.` : `${lever.title} ${name}: asked for.`, task };
  }

  /** The same within another task. */
  async doAndSee(
    who: Principal,
    vm: VmInfo,
    action: VmAction,
    report: TaskReport,
    signal: AbortSignal,
  ): Promise<void> {
    const lever = LEVERS[action];
    if (lever.already(vm)) return;
    await this.#ask(lever, who, vm, action, signal);
    await this.#follow(lever, vm, report, signal);
  }

  async #ask(
    lever: Lever,
    who: Principal,
    vm: VmInfo,
    action: VmAction,
    signal: AbortSignal,
  ): Promise<string | undefined> {
    using use = await this.#books.use();
    try {
      await lever.pull(this.#deps.actingAs(who), vm, use.book.wukongOf(vm), signal);
      return undefined;
    } catch (error) {
      throw advice(error, vm, action) ?? error;
    }
  }

  async #follow(lever: Lever, before: VmInfo, report: TaskReport, signal: AbortSignal): Promise<void> {
    using use = await this.#books.use();
    const { clock } = this.#deps;
    const key = `${before.namespace}/${before.name}`;
    const judge = (vm: VmInfo | undefined): Verdict => lever.judge(vm, before);
    await untilMachine(use.book, key, judge, {
      report,
      signal,
      clock,
      deadlineMs: DEADLINE_MS,
      ...(lever.right(before).resource === WUKONGS && { unheard: unheardWukong(before.wukong!) }),
    });
  }
}

/** KubeVirt's refusals with what to do about them; undefined for those that say it themselves. */
function advice(error: unknown, vm: VmInfo, action: VmAction): StatusError | undefined {
  if (!isStatusError(error)) return undefined;
  const { message } = error;
  const name = `${vm.namespace}/${vm.name}`;
  const tells = (what: string): StatusError =>
    new StatusError('Conflict', `${what} (${message})`, {
      details: { name: vm.name, group: 'kubevirt.io', kind: 'virtualmachines' },
    });
  // The first three are internal errors to KubeVirt.
  const [, busy] = /running state until ((?:snapshot|restore) "[^"]*") completes/.exec(message) ?? [];
  if (busy !== undefined) return tells(`${name} waits for its ${busy}; try again when that is done`);
  if (/already underway/.test(message))
    return tells(`${name} is on its way already; wait until it is ${action === 'stop' ? 'off' : 'on'}`);
  if (/in-flight migration/.test(message))
    return tells(`${name} is being moved already; wait for its migration to end`);
  if (isNotFound(error) && /^virtualmachineinstances?\./.test(message))
    return tells(`${name} is off; start it first`);
  if (!isConflict(error)) return undefined;
  if (/does not support manual start/.test(message))
    return tells(
      `${name} is started by its run strategy ${vm.runStrategy}; it waits: ${vm.reason || vm.status}`,
    );
  if (/does not support manual restart/.test(message))
    return tells(`${name} is switched off for good; start it instead`);
  if (/not running/i.test(message)) return tells(`${name} is off; start it first`);
  if (/already running/i.test(message)) return tells(`${name} is on its way already; wait until it is on`);
  return tells(`${name} cannot ${action} now`);
}
