import { isNotFound, StatusError } from '@krateyard/status/status-error';
import { badRequest, conflict, notFound } from '../api/api-errors.ts';
import type { LocalClient } from '../api/local-client.ts';
import { condition } from '../life/pod-state.ts';
import type { Condition } from '../life/pod-types.ts';
import { timestamp } from '../life/world.ts';
import type { Computer } from './guest/computer.ts';
import type { Guests } from './guest/guests.ts';
import { isFinal } from './instance-controller.ts';
import { KUBEVIRT, KUBEVIRT_GROUP } from './kubevirt-resources.ts';
import { runStrategyOf } from './vm-status.ts';
import type { Instance, Migration, StateChangeRequest, VirtualMachine } from './vm-types.ts';

const VM = { resource: 'virtualmachine', group: KUBEVIRT_GROUP };
const VMI = { resource: 'virtualmachineinstance', group: KUBEVIRT_GROUP };

/** Which object a request is about. */
export interface At {
  readonly namespace: string;
  readonly name: string;
}

/** What virt-api does for people who ask for start, stop and their like, with its refusals. */
export class VmRequests {
  readonly #client: LocalClient;
  readonly #guests: Guests;
  readonly #now: () => number;

  constructor(parts: { client: LocalClient; guests: Guests; now: () => number }) {
    this.#client = parts.client;
    this.#guests = parts.guests;
    this.#now = parts.now;
  }

  async start(at: At, dryRun: boolean): Promise<void> {
    const vm = await this.#vm(at);
    const instance = await this.#instance(at);
    if (instance && !isFinal(instance)) throw conflict(VM, at.name, 'VM is already running');
    const strategy = runStrategyOf(vm);
    if (strategy === 'Always' || strategy === 'Once')
      throw conflict(VM, at.name, `${strategy} does not support manual start requests`);
    this.#requireQuiet(vm);
    if (dryRun) return;
    if (strategy === 'Halted') await this.#setStrategy(vm, true);
    else await this.#request(vm, [{ action: 'Start' }]);
  }

  async stop(at: At, dryRun: boolean): Promise<void> {
    const vm = await this.#vm(at);
    const instance = await this.#instance(at);
    const strategy = runStrategyOf(vm);
    if (!instance || isFinal(instance)) {
      if (strategy !== 'Always') throw conflict(VM, at.name, 'VM is not running');
    }
    this.#requireQuiet(vm);
    if (dryRun) return;
    if (strategy === 'Always' || strategy === 'Once') await this.#setStrategy(vm, false);
    else if (instance) await this.#request(vm, [{ action: 'Stop', uid: instance.metadata.uid! }]);
  }

  async restart(at: At, body: { gracePeriodSeconds?: unknown }, dryRun: boolean): Promise<void> {
    const { gracePeriodSeconds } = body;
    if (gracePeriodSeconds !== undefined && gracePeriodSeconds !== 0 && gracePeriodSeconds !== null)
      throw badRequest('For force restart, only gracePeriod=0 is supported for now');
    const vm = await this.#vm(at);
    const strategy = runStrategyOf(vm);
    // virt-api's own spelling.
    if (strategy === 'Halted' || strategy === 'Once')
      throw conflict(VM, at.name, `RunStategy ${strategy} does not support manual restart requests`);
    const instance = await this.#instance(at);
    if (!instance || isFinal(instance)) throw conflict(VM, at.name, 'VM is not running: Halted');
    this.#requireQuiet(vm);
    if (!dryRun)
      await this.#request(vm, [{ action: 'Stop', uid: instance.metadata.uid! }, { action: 'Start' }]);
  }

  async migrate(at: At, dryRun: boolean): Promise<void> {
    await this.#vm(at);
    const instance = await this.#instance(at);
    if (!instance) throw notFound(VMI, at.name);
    if (instance.status?.phase !== 'Running') throw conflict(VM, at.name, 'VM is not running');
    await this.#requireStill(at);
    if (dryRun) return;
    await this.#client.create(KUBEVIRT.migrations, {
      apiVersion: 'kubevirt.io/v1',
      kind: 'VirtualMachineInstanceMigration',
      metadata: { generateName: 'kubevirt-migrate-vm-', namespace: at.namespace },
      spec: { vmiName: at.name },
    });
  }

  async pause(at: At, paused: boolean, dryRun: boolean): Promise<void> {
    const refuse = (): StatusError =>
      conflict(VMI, at.name, paused ? 'VM is not running' : 'VMI is not running');
    const { instance, guest } = await this.running(at, refuse);
    const is = condition(instance, 'Paused')?.status === 'True';
    if (paused && is) throw conflict(VMI, at.name, 'VMI is already paused');
    if (!paused && !is) throw conflict(VMI, at.name, 'VMI is not paused');
    if (dryRun) return;
    guest.pause(paused);
    const others = (instance.status?.conditions ?? []).filter(({ type }) => type !== 'Paused');
    const told: Condition = {
      type: 'Paused',
      status: 'True',
      reason: 'PausedByUser',
      message: 'VMI was paused by user',
      lastTransitionTime: timestamp(this.#now()),
    };
    const conditions = paused ? [...others, told] : others;
    await this.#client.patch(KUBEVIRT.instances, at.name, at.namespace, { status: { conditions } }, 'status');
  }

  async reset(at: At, dryRun: boolean): Promise<void> {
    const refuse = ({ status }: Instance): StatusError => {
      const phase = status?.phase ?? 'Pending';
      return badRequest(
        `Failed to reset non-running VMI with phase ${phase}: Unable to connect to VirtualMachineInstance because phase is ${phase} instead of Running or Scheduled`,
      );
    };
    const { guest } = await this.running(at, refuse);
    if (!dryRun) guest.reset();
  }

  async softReboot(at: At, dryRun: boolean): Promise<void> {
    const { instance, guest } = await this.running(at, () => conflict(VMI, at.name, 'VM is not running'));
    if (condition(instance, 'Paused')?.status === 'True') throw conflict(VMI, at.name, 'VMI is paused');
    if (!dryRun) guest.powerButton('reboot');
  }

  /** The instance and its guest; throws NotFound, and `refusal` where it does not run. */
  async running(
    at: At,
    refusal: (instance: Instance) => StatusError,
  ): Promise<{ instance: Instance; guest: Computer }> {
    const instance = await this.#instance(at);
    if (!instance) throw notFound(VMI, at.name);
    const guest = this.#guests.get(instance.metadata.uid);
    if (instance.status?.phase === 'Running' && guest) return { instance, guest };
    throw refusal(instance);
  }

  /** Throws virt-api's refusal for an instance without a screen; what there is not is for others to say. */
  async requireGraphics(at: At): Promise<void> {
    const instance = await this.#instance(at);
    if (instance?.spec.domain?.devices?.['autoattachGraphicsDevice'] === false)
      throw badRequest('No graphics devices are present.');
  }

  /** virt-api lets nothing new begin before what was asked for is done, and calls that an error of its own. */
  #requireQuiet(vm: VirtualMachine): void {
    if ((vm.status?.stateChangeRequests?.length ?? 0) > 0)
      throw internal('unable to complete request: stop/start already underway');
  }

  /** A guest moves to one place at a time. */
  async #requireStill({ namespace, name }: At): Promise<void> {
    const { items } = await this.#client.list<Migration>(KUBEVIRT.migrations, { namespace });
    const moving = items.find(
      ({ spec, status }) =>
        spec.vmiName === name && status?.phase !== 'Succeeded' && status?.phase !== 'Failed',
    );
    if (moving)
      throw internal(
        `admission webhook "migration-create-validator.kubevirt.io" denied the request: in-flight migration detected. Active migration job (${moving.metadata.uid}) is currently already in progress for VMI ${name}.`,
      );
  }

  async #vm({ name, namespace }: At): Promise<VirtualMachine> {
    try {
      return await this.#client.get<VirtualMachine>(KUBEVIRT.virtualMachines, name, namespace);
    } catch (error) {
      throw isNotFound(error) ? notFound(VM, name) : error;
    }
  }

  async #instance({ name, namespace }: At): Promise<Instance | undefined> {
    try {
      return await this.#client.get<Instance>(KUBEVIRT.instances, name, namespace);
    } catch (error) {
      if (isNotFound(error)) return undefined;
      throw error;
    }
  }

  async #setStrategy(vm: VirtualMachine, on: boolean): Promise<void> {
    const { name = '', namespace } = vm.metadata;
    const spec = vm.spec.running === undefined ? { runStrategy: on ? 'Always' : 'Halted' } : { running: on };
    await this.#client.patch(KUBEVIRT.virtualMachines, name, namespace, { spec });
  }

  async #request(vm: VirtualMachine, stateChangeRequests: readonly StateChangeRequest[]): Promise<void> {
    const { name = '', namespace } = vm.metadata;
    const status = { stateChangeRequests };
    await this.#client.patch(KUBEVIRT.virtualMachines, name, namespace, { status }, 'status');
  }
}

/** As virt-api words what it did not foresee. */
function internal(message: string): StatusError {
  return new StatusError('InternalError', `Internal error occurred: ${message}`, {
    details: { causes: [{ message }] },
  });
}
