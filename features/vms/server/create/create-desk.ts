import type { Principal } from '@krateyard/auth/principal';
import type { GroupVersionResource } from '@krateyard/kube/meta/group-version';
import { StatusError } from '@krateyard/status/status-error';
import type { Task } from '@krateyard/tasks/task';
import type { TaskReport } from '@krateyard/tasks/task-board';
import type { VmInfo } from '../../contract/vm-api.ts';
import type { VmCreated, VmCreateRequest, VmDryRun } from '../../contract/vm-create.ts';
import type { Books } from '../books.ts';
import type { VmsDeps } from '../deps.ts';
import { WUKONGS } from '../machine-types.ts';
import { groupOf } from '../vm-view.ts';
import { untilMachine, type Verdict } from '../until-machine.ts';
import { kubevirtMaker } from './kubevirt-maker.ts';
import { MachineCreator } from './machine-creator.ts';
import type { MachineMaker, Plan, Surroundings } from './machine-maker.ts';
import { previewMachine } from './machine-preview.ts';
import { DATA_VOLUMES } from './plan-disks.ts';
import { checkPremises } from './premises.ts';
import { Problems } from './problems.ts';
import { randomHex } from './random-hex.ts';
import { unheardWukong } from '../wukong-lever.ts';
import { wukongMaker } from './wukong-maker.ts';

/** An image of many gigabytes may be on its way first. */
const READY_MS = 60 * 60_000;

/** Makes machines, and shows what making them would come to. */
export class CreateDesk {
  readonly #deps: VmsDeps;
  readonly #books: Books;
  readonly #creator: MachineCreator;

  constructor(deps: VmsDeps, books: Books) {
    this.#deps = deps;
    this.#books = books;
    this.#creator = new MachineCreator(deps);
  }

  async preview(
    who: Principal,
    request: VmCreateRequest,
    namespace: string,
    signal: AbortSignal,
  ): Promise<VmDryRun> {
    const plan = await this.#plan(who, request, namespace, signal);
    return previewMachine(this.#deps.actingAs(who), request, plan, signal);
  }

  async create(
    who: Principal,
    request: VmCreateRequest,
    namespace: string,
    signal: AbortSignal,
  ): Promise<VmCreated> {
    const plan = await this.#plan(who, request, namespace, signal);
    const { machine, warnings } = await this.#creator.make(who, plan, signal);
    const { uid = '' } = machine.metadata;
    const { machineName: name } = plan;
    const task = this.#follow(who, plan, uid);
    return {
      success: true,
      id: uid,
      name,
      message:
        machine.kind === 'Wukong'
          ? `Wukong ${plan.name} is made; its operator makes the virtual machine ${name}.`
          : `Virtual machine ${name} is made.`,
      namespace,
      warnings: [...plan.warnings, ...warnings],
      task,
    };
  }

  async #plan(
    who: Principal,
    request: VmCreateRequest,
    namespace: string,
    signal: AbortSignal,
  ): Promise<Plan> {
    const around: Surroundings = {
      namespace,
      cdi: await this.#serves(DATA_VOLUMES, signal),
      wukong: await this.#serves(WUKONGS, signal),
      randomHex: randomHex,
    };
    const plan = MAKERS[request.owner ?? 'kubevirt'].plan(request, around);
    const problems = new Problems();
    await checkPremises(this.#deps.actingAs(who), plan.premises, problems, signal);
    problems.throwIfAny();
    return plan;
  }

  async #serves({ group, version, resource }: GroupVersionResource, signal: AbortSignal): Promise<boolean> {
    return (await this.#deps.kinds.find(`${group}/${version}/${resource}`, signal)) !== undefined;
  }

  #follow(who: Principal, plan: Plan, uid: string): Task {
    const { namespace, machineName: name } = plan;
    return this.#deps.tasks.start(
      who,
      {
        action: 'vms.create',
        title: `Create ${namespace}/${name}`,
        targets: [{ kind: 'kubevirt.io/v1/virtualmachines', namespace, name }],
      },
      async (report, signal) => {
        report.accepted();
        await this.#untilAsWanted(plan, uid, report, signal);
      },
    );
  }

  async #untilAsWanted(
    { namespace, name, machineName, machine, isMade }: Plan,
    uid: string,
    report: TaskReport,
    signal: AbortSignal,
  ): Promise<void> {
    const key = `${namespace}/${machineName}`;
    using use = await this.#books.use();
    let seen = false;
    const judge = (vm: VmInfo | undefined): Verdict => {
      if (vm && isMade(vm, uid)) {
        seen = true;
        return asWanted(vm);
      }
      return seen ? new StatusError('Gone', `The virtual machine ${key} was deleted meanwhile.`) : 'waiting';
    };
    await untilMachine(use.book, key, judge, {
      report,
      signal,
      clock: this.#deps.clock,
      deadlineMs: READY_MS,
      ...(machine.object.kind === 'Wukong' && { unheard: unheardWukong(name) }),
    });
  }
}

/** As its run strategy says: on, or ready to be switched on. */
function asWanted({ status, runStrategy, reason }: VmInfo): Verdict {
  const starts = runStrategy !== 'Halted' && runStrategy !== 'Manual';
  const group = groupOf(status);
  if (starts) return group === 'running' ? 'seen' : 'waiting';
  return group === 'running' || (status === 'Stopped' && reason === '') ? 'seen' : 'waiting';
}

/** Who is asked to make it. */
const MAKERS: Readonly<Record<NonNullable<VmCreateRequest['owner']>, MachineMaker>> = {
  kubevirt: kubevirtMaker,
  wukong: wukongMaker,
};
