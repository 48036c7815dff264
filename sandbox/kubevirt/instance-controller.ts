import { isStatusError } from '@krateyard/status/status-error';
import {
  controllerKey,
  objectKey,
  recordFor,
  type ControllerContext,
  type ControllerIdentity,
} from '../life/controller-context.ts';
import {
  condition,
  controllerOf,
  isDeleting,
  isFinished,
  isReady,
  withCondition,
} from '../life/pod-state.ts';
import type { Condition, Pod } from '../life/pod-types.ts';
import { RESOURCES } from '../life/resources.ts';
import type { Guests } from './guest/guests.ts';
import { KUBEVIRT, MIGRATION_LABEL } from './kubevirt-resources.ts';
import { cpusOf, launcherPod, memoryOf } from './launcher-pod.ts';
import type { Instance } from './vm-types.ts';

const IDENTITY: ControllerIdentity = {
  component: 'virtualmachine-controller',
  apiVersion: 'kubevirt.io/v1',
  kind: 'VirtualMachineInstance',
};
/** Keeps an instance until its pod is gone. */
const FINALIZER = 'foregroundDeleteVirtualMachine';
/** From the domain's start until it counts as running. */
const START_MS = 700;
const AGAIN_MS = 300;

type Phase = NonNullable<NonNullable<Instance['status']>['phase']>;

/** Runs each instance in a launcher pod: Pending, Scheduling, Scheduled, Running, and how it ends. */
export function addInstanceController(context: ControllerContext, guests: Guests): void {
  const { world, loop } = context;
  const instances = world.mirror<Instance>(KUBEVIRT.instances);
  const controller = new InstanceController(context, guests);
  const enqueue = loop.register('virtualmachineinstances', async (key) => {
    const instance = instances.get(key);
    return instance && controller.reconcile(instance);
  });
  instances.onChange((instance) => enqueue(objectKey(instance)));
  world.mirror<Pod>(RESOURCES.pods).onChange((pod) => {
    const key = controllerKey(pod, 'VirtualMachineInstance');
    if (key !== undefined) enqueue(key);
  });
}

export function phaseOf(instance: Instance): Phase | undefined {
  return instance.status?.phase;
}

export function isFinal(instance: Instance): boolean {
  return instance.status?.phase === 'Succeeded' || instance.status?.phase === 'Failed';
}

class InstanceController {
  readonly #context: ControllerContext;
  readonly #guests: Guests;

  constructor(context: ControllerContext, guests: Guests) {
    this.#context = context;
    this.#guests = guests;
  }

  async reconcile(instance: Instance): Promise<number | void> {
    if (isDeleting(instance)) return this.#delete(instance);
    if (!instance.metadata.finalizers?.includes(FINALIZER)) {
      await this.#context.world.patch(KUBEVIRT.instances, instance, {
        metadata: { finalizers: [...(instance.metadata.finalizers ?? []), FINALIZER] },
      });
      return undefined;
    }
    switch (instance.status?.phase) {
      case undefined:
        return this.#move(instance, 'Pending', { conditions: [notReady(this.#time(), 'PodNotExists')] });
      case 'Pending':
        return this.#pending(instance);
      case 'Scheduling':
        return this.#scheduling(instance);
      case 'Scheduled':
        return this.#scheduled(instance);
      case 'Running':
        return this.#running(instance);
      case 'Succeeded':
      case 'Failed':
      case 'Unknown':
        return undefined;
    }
  }

  async #delete(instance: Instance): Promise<number | void> {
    const pods = this.#pods(instance);
    for (const pod of pods) {
      if (isDeleting(pod)) continue;
      await this.#context.world.remove(RESOURCES.pods, pod, {
        gracePeriodSeconds: instance.spec.terminationGracePeriodSeconds ?? 30,
      });
    }
    if (pods.length > 0) return undefined;
    if (!isFinal(instance)) {
      await this.#move(instance, 'Succeeded', {});
      return undefined;
    }
    const finalizers = (instance.metadata.finalizers ?? []).filter((name) => name !== FINALIZER);
    await this.#context.world.patch(KUBEVIRT.instances, instance, { metadata: { finalizers } });
    return undefined;
  }

  async #pending(instance: Instance): Promise<number | void> {
    const missing = this.#missingVolume(instance);
    if (missing !== undefined) {
      await this.#tell(instance, {
        type: 'Synchronized',
        status: 'False',
        reason: 'FailedPvcNotFound',
        message: `failed to render launch manifest: unable to find PersistentVolumeClaim ${missing}`,
      });
      return AGAIN_MS * 10;
    }
    if (!this.#pod(instance) && !(await this.#launch(instance))) return AGAIN_MS * 10;
    return this.#move(instance, 'Scheduling', {
      conditions: withCondition(
        without(instance.status?.conditions, 'Synchronized'),
        notReady(this.#time(), 'GuestNotRunning'),
        this.#time(),
      ),
    });
  }

  /** Whether its pod was made; what the API server refused stands in its conditions and events, and it is tried again. */
  async #launch(instance: Instance): Promise<boolean> {
    try {
      const pod = await this.#context.world.create(RESOURCES.pods, launcherPod(instance));
      const message = `Created virtual machine pod ${pod.metadata.name}`;
      await recordFor(this.#context, IDENTITY, instance, 'Normal', 'SuccessfulCreate', message);
      return true;
    } catch (error) {
      if (!isStatusError(error)) throw error;
      const { message } = error;
      await recordFor(
        this.#context,
        IDENTITY,
        instance,
        'Warning',
        'FailedCreate',
        `Error creating pod: ${message}`,
      );
      const told = instance.status?.conditions?.find(({ reason }) => reason === 'FailedCreate');
      if (!told)
        await this.#tell(instance, {
          type: 'Synchronized',
          status: 'False',
          reason: 'FailedCreate',
          message: `failed to create virtual machine pod: ${message}`,
        });
      return false;
    }
  }

  async #scheduling(instance: Instance): Promise<number | void> {
    const pod = this.#pod(instance);
    if (!pod || isFinished(pod)) return this.#end(instance, 'Failed');
    const scheduled = condition(pod, 'PodScheduled');
    if (scheduled?.status === 'False') {
      await this.#tell(instance, { ...scheduled, type: 'PodScheduled' });
      return undefined;
    }
    if (!isReady(pod)) return undefined;
    return this.#move(instance, 'Scheduled', {
      nodeName: pod.spec.nodeName ?? '',
      activePods: { [pod.metadata.uid!]: pod.spec.nodeName ?? '' },
      conditions: without(instance.status?.conditions, 'PodScheduled'),
    });
  }

  async #scheduled(instance: Instance): Promise<number | void> {
    const pod = this.#pod(instance);
    if (!pod || isFinished(pod)) return this.#end(instance, 'Failed');
    if (!this.#guests.get(instance.metadata.uid)) return AGAIN_MS;
    const since = transitionOf(instance, 'Scheduled');
    const wait = since + START_MS - this.#context.world.clock.now();
    if (wait > 0) return wait;
    await recordFor(
      this.#context,
      { ...IDENTITY, component: 'virt-handler' },
      instance,
      'Normal',
      'Started',
      'VirtualMachineInstance started.',
    );
    const time = this.#time();
    const ready: Condition = { type: 'Ready', status: 'True' };
    const migratable: Condition = { type: 'LiveMigratable', status: 'True' };
    const conditions = [ready, migratable].reduce<Condition[]>(
      (all, one) => withCondition(all, one, time),
      [...(instance.status?.conditions ?? [])],
    );
    return this.#move(instance, 'Running', { conditions, ...runtimeFacts(instance, pod) });
  }

  async #running(instance: Instance): Promise<number | void> {
    const pod = this.#pod(instance);
    if (!pod) return this.#end(instance, 'Failed');
    if (isFinished(pod))
      return this.#end(instance, pod.status?.phase === 'Succeeded' ? 'Succeeded' : 'Failed');
    const shown = instance.status?.interfaces?.[0]?.ipAddress;
    if (pod.status?.podIP !== undefined && shown !== pod.status.podIP)
      await this.#context.world.patchStatus(KUBEVIRT.instances, instance, {
        interfaces: interfacesOf(instance, pod),
      });
    return undefined;
  }

  async #end(instance: Instance, phase: 'Succeeded' | 'Failed'): Promise<undefined> {
    const message =
      phase === 'Succeeded'
        ? 'The VirtualMachineInstance was shut down.'
        : 'The VirtualMachineInstance crashed.';
    const type = phase === 'Succeeded' ? 'Normal' : 'Warning';
    const source = { ...IDENTITY, component: 'virt-handler' };
    await recordFor(this.#context, source, instance, type, 'Stopped', message);
    const conditions = withCondition(
      instance.status?.conditions,
      notReady(this.#time(), 'PodTerminating'),
      this.#time(),
    );
    return this.#move(instance, phase, { conditions });
  }

  async #move(instance: Instance, phase: Phase, status: object): Promise<undefined> {
    const times = instance.status?.phaseTransitionTimestamps ?? [];
    await this.#context.world.patchStatus(KUBEVIRT.instances, instance, {
      phase,
      phaseTransitionTimestamps: [...times, { phase, phaseTransitionTimestamp: this.#time() }].slice(-10),
      ...status,
    });
    return undefined;
  }

  async #tell(instance: Instance, told: Condition): Promise<void> {
    const known = instance.status?.conditions?.find(({ type }) => type === told.type);
    if (known?.status === told.status && known.message === told.message) return;
    const conditions = withCondition(instance.status?.conditions, told, this.#time());
    await this.#context.world.patchStatus(KUBEVIRT.instances, instance, { conditions });
  }

  #pods(instance: Instance): Pod[] {
    return this.#context.world
      .mirror<Pod>(RESOURCES.pods)
      .ownedBy(instance.metadata.uid!)
      .filter((pod) => controllerOf(pod)?.uid === instance.metadata.uid);
  }

  /** The pod that has the guest: after a migration the one that it went to. */
  #pod(instance: Instance): Pod | undefined {
    const active = instance.status?.activePods ?? {};
    const pods = this.#pods(instance);
    return (
      pods.find(({ metadata }) => active[metadata.uid!] !== undefined) ??
      pods.find((pod) => pod.metadata.labels?.[MIGRATION_LABEL] === undefined)
    );
  }

  /** `namespace/name` of a claim that the instance needs and that is not there. */
  #missingVolume(instance: Instance): string | undefined {
    const claims = this.#context.world.mirror(RESOURCES.persistentVolumeClaims);
    return (instance.spec.volumes ?? [])
      .map(({ persistentVolumeClaim, dataVolume }) => persistentVolumeClaim?.claimName ?? dataVolume?.name)
      .map((claim) => claim && `${instance.metadata.namespace}/${claim}`)
      .find((key) => key && !claims.get(key));
  }

  #time(): string {
    return this.#context.world.time();
  }
}

const NOT_READY = {
  PodNotExists: 'virt-launcher pod has not yet been scheduled',
  GuestNotRunning: 'Guest VM is not reported as running',
  PodTerminating: 'virt-launcher pod is terminating',
} as const;

function notReady(time: string, reason: keyof typeof NOT_READY): Condition {
  return { type: 'Ready', status: 'False', reason, message: NOT_READY[reason], lastTransitionTime: time };
}

const without = (conditions: readonly Condition[] | undefined, type: string): Condition[] =>
  (conditions ?? []).filter((one) => one.type !== type);

function transitionOf(instance: Instance, phase: Phase): number {
  const found = instance.status?.phaseTransitionTimestamps?.findLast((one) => one.phase === phase);
  return found ? Date.parse(found.phaseTransitionTimestamp) : 0;
}

function runtimeFacts(instance: Instance, pod: Pod): object {
  return {
    interfaces: interfacesOf(instance, pod),
    currentCPUTopology: instance.spec.domain?.cpu ?? { cores: cpusOf(instance), sockets: 1, threads: 1 },
    memory: {
      guestAtBoot: memoryOf(instance),
      guestCurrent: memoryOf(instance),
      guestRequested: memoryOf(instance),
    },
    guestOSInfo: {},
    machine: { type: 'pc-q35-rhel9.6.0' },
    qosClass: 'Burstable',
    runtimeUser: 107,
    launcherContainerImageVersion: pod.spec.containers[0]?.image ?? '',
  };
}

/** Addresses as the network binding tells them: there is no agent in these guests. */
function interfacesOf(instance: Instance, pod: Pod): object[] {
  const wanted = instance.spec.domain?.devices?.interfaces ?? [{ name: 'default' }];
  const attached = new Set(
    (instance.spec.networks ?? []).flatMap(({ name, multus }) => (multus ? name : [])),
  );
  return wanted.map(({ name, macAddress }, index) => ({
    name,
    infoSource: attached.has(name) ? 'domain, multus-status' : 'domain',
    mac: macAddress ?? macOf(instance, index),
    queueCount: 1,
    ...(index === 0 && pod.status?.podIP && { ipAddress: pod.status.podIP, ipAddresses: [pod.status.podIP] }),
  }));
}

/** Locally administered, the same for the same instance: its uid's last digits. */
function macOf(instance: Instance, index: number): string {
  const digits = (instance.metadata.uid ?? '').replaceAll('-', '').slice(-8).padStart(8, '0');
  return ['02', index.toString(16).padStart(2, '0'), ...(digits.match(/../g) ?? [])].join(':');
}
