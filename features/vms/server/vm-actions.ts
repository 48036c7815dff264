import type { Principal } from '@krateyard/auth/principal';
import type { Client } from '@krateyard/kube/client/client';
import { isConflict, StatusError } from '@krateyard/status/status-error';
import type { TaskReport } from '@krateyard/tasks/task-board';
import type { Task } from '@krateyard/tasks/task';
import type { VmAction, VmInfo } from '../contract/vm-api.ts';
import type { Books } from './books.ts';
import type { VmsDeps } from './deps.ts';
import { VIRTUAL_MACHINES } from './machine-types.ts';
import { untilMachine, type Verdict } from './until-machine.ts';

const WUKONGS = { group: 'vm.novasphere.dev', version: 'v1alpha1', resource: 'wukongs' } as const;
const DEADLINE_MS = 5 * 60_000;

interface Lever {
  /** Past and present of the verb, for people. */
  readonly title: string;
  /** True: as wanted already, nothing is asked for. */
  readonly already: (vm: VmInfo) => boolean;
  readonly pull: (client: Client, vm: VmInfo, signal: AbortSignal) => Promise<unknown>;
  /** Whether the machine, as it is now (undefined: gone), shows that it has happened. `before`: as it was when asked for. */
  readonly judge: (vm: VmInfo | undefined, before: VmInfo) => Verdict;
}

const GONE = (vm: VmInfo): StatusError =>
  new StatusError('Gone', `The virtual machine ${vm.namespace}/${vm.name} was deleted meanwhile.`);

/** Judges machines that are still there. */
const whileThere =
  (seen: (vm: VmInfo, before: VmInfo) => boolean): Lever['judge'] =>
  (vm, before) =>
    vm === undefined || vm.id !== before.id ? GONE(before) : seen(vm, before) ? 'seen' : 'waiting';

const LEVERS: Readonly<Record<VmAction, Lever>> = {
  start: {
    title: 'Start',
    already: ({ phase }) => phase === 'Running',
    pull: (client, vm, signal) =>
      vm.wukong === undefined
        ? subresource(client, vm, 'virtualmachines', 'start', signal)
        : setWukong(client, vm, true, signal),
    judge: whileThere(({ phase }) => phase === 'Running'),
  },
  stop: {
    title: 'Stop',
    already: (vm) => vm.phase === '' && vm.status === 'Stopped',
    pull: (client, vm, signal) =>
      vm.wukong === undefined
        ? subresource(client, vm, 'virtualmachines', 'stop', signal)
        : setWukong(client, vm, false, signal),
    judge: whileThere(({ phase }) => phase === '' || phase === 'Succeeded' || phase === 'Failed'),
  },
  restart: {
    title: 'Restart',
    already: () => false,
    pull: (client, vm, signal) => subresource(client, vm, 'virtualmachines', 'restart', signal),
    judge: whileThere(
      (vm, before) => vm.phase === 'Running' && (vm.startedAt ?? 0) > (before.startedAt ?? 0),
    ),
  },
  pause: {
    title: 'Pause',
    already: ({ paused }) => paused,
    pull: (client, vm, signal) => subresource(client, vm, 'virtualmachineinstances', 'pause', signal),
    judge: whileThere(({ paused }) => paused),
  },
  unpause: {
    title: 'Resume',
    already: ({ phase, paused }) => phase === 'Running' && !paused,
    pull: (client, vm, signal) => subresource(client, vm, 'virtualmachineinstances', 'unpause', signal),
    judge: whileThere(({ paused }) => !paused),
  },
  reset: {
    title: 'Reset',
    already: () => false,
    pull: (client, vm, signal) => subresource(client, vm, 'virtualmachineinstances', 'reset', signal),
    // A reset shows nowhere but on the screen: that it was taken is all there is to see.
    judge: whileThere(() => true),
  },
  migrate: {
    title: 'Migrate',
    already: () => false,
    pull: (client, vm, signal) => subresource(client, vm, 'virtualmachines', 'migrate', signal),
    judge: whileThere((vm, before) => vm.phase === 'Running' && vm.nodeName !== before.nodeName),
  },
  delete: {
    title: 'Delete',
    already: () => false,
    pull: (client, vm, signal) =>
      client.delete(VIRTUAL_MACHINES, vm.name, vm.namespace, { signal, preconditions: { uid: vm.id } }),
    judge: (vm, before) => (vm === undefined || vm.id !== before.id ? 'seen' : 'waiting'),
  },
};

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
    try {
      await lever.pull(this.#deps.actingAs(who), vm, signal);
      return undefined;
    } catch (error) {
      throw isConflict(error) ? advice(error, vm, action) : error;
    }
  }

  async #follow(lever: Lever, before: VmInfo, report: TaskReport, signal: AbortSignal): Promise<void> {
    using use = await this.#books.use();
    const { clock } = this.#deps;
    const key = `${before.namespace}/${before.name}`;
    const judge = (vm: VmInfo | undefined): Verdict => lever.judge(vm, before);
    await untilMachine(use.book, key, judge, { report, signal, clock, deadlineMs: DEADLINE_MS });
  }
}

function subresource(
  client: Client,
  { namespace, name }: VmInfo,
  of: 'virtualmachines' | 'virtualmachineinstances',
  what: string,
  signal: AbortSignal,
): Promise<unknown> {
  const path = `/apis/subresources.kubevirt.io/v1/namespaces/${encodeURIComponent(namespace)}/${of}/${encodeURIComponent(name)}/${what}`;
  // They answer with nothing, and 406 to who accepts JSON only.
  return client.request({ method: 'PUT', path, body: {}, headers: { accept: '*/*' }, signal });
}

/** Its operator writes the machine: what it is not told it takes back. */
function setWukong(client: Client, vm: VmInfo, on: boolean, signal: AbortSignal): Promise<unknown> {
  const patch = { spec: { startStrategy: { autoStart: on, runStrategy: on ? 'Always' : 'Manual' } } };
  return client.patch(WUKONGS, { name: vm.wukong!, namespace: vm.namespace }, 'merge', patch, { signal });
}

/** KubeVirt's 409 with what to do about it. */
function advice(error: unknown, vm: VmInfo, action: VmAction): StatusError {
  const { message } = error as StatusError;
  const name = `${vm.namespace}/${vm.name}`;
  const tells = (what: string): StatusError =>
    new StatusError('Conflict', `${what} (${message})`, {
      details: { name: vm.name, kind: 'virtualmachines' },
    });
  if (/does not support manual start/.test(message))
    return tells(
      `${name} is started by its run strategy ${vm.runStrategy}; it waits: ${vm.reason || vm.status}`,
    );
  if (/does not support manual restart/.test(message))
    return tells(`${name} is switched off for good; start it instead`);
  if (/already underway/.test(message))
    return tells(`${name} is on its way already; wait until it is ${action === 'stop' ? 'off' : 'on'}`);
  if (/not running/i.test(message)) return tells(`${name} is off; start it first`);
  return tells(`${name} cannot ${action} now`);
}
