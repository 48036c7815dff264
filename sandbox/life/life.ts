import type { Clock } from '@krateyard/telemetry/clock';
import type { Logger } from '@krateyard/telemetry/logger';
import type { LocalClient } from '../api/local-client.ts';
import type { ResourceRegistry } from '../api/resource-registry.ts';
import { addCdi } from '../cdi/cdi.ts';
import { Guests } from '../kubevirt/guest/guests.ts';
import { withLauncher } from '../kubevirt/guest/launcher-program.ts';
import { addKubeVirt } from '../kubevirt/kubevirt.ts';
import { addWukong } from '../wukong/wukong.ts';
import type { ControllerContext } from './controller-context.ts';
import { Collections } from './collections.ts';
import { addAutoscaler } from './controllers/autoscalers.ts';
import { addCronJobController } from './controllers/cron-jobs.ts';
import { addDaemonSetController } from './controllers/daemon-sets.ts';
import { addDeploymentController } from './controllers/deployments.ts';
import { addDisruptionController } from './controllers/disruption-budgets.ts';
import { addEndpointControllers } from './controllers/endpoints.ts';
import { addGarbageCollector } from './controllers/garbage-collector.ts';
import { addJobController } from './controllers/jobs.ts';
import { addNamespaceControllers } from './controllers/namespaces.ts';
import { addNodeControllers } from './controllers/nodes.ts';
import { addReplicaSetController } from './controllers/replica-sets.ts';
import { addQuotaController } from './controllers/resource-quotas.ts';
import { addStatefulSetController } from './controllers/stateful-sets.ts';
import { addVolumeController } from './controllers/volume-claims.ts';
import { EventRecorder } from './event-recorder.ts';
import { Kubelets } from './kubelet/kubelet.ts';
import { SimulatedRuntime } from './kubelet/pod-runtime.ts';
import type { MetricsSource } from './metrics-source.ts';
import type { PodRuntime } from './pod-runtime.ts';
import { chooseProgram } from './programs/choose-program.ts';
import { addScheduler } from './scheduler/scheduler.ts';
import { TimerQueue } from './timer-queue.ts';
import { UsageMeter } from './usage-meter.ts';
import { WorkLoop } from './work-loop.ts';
import { World } from './world.ts';

/** Everything that makes a cluster move: controllers, scheduler, kubelets. */
export interface Life {
  readonly name: string;
  /** Runs until the signal aborts; resolves when everything has stopped. */
  start(signal: AbortSignal): Promise<void>;
  /** Resolves when there is nothing to do at this time: what tests wait for after moving a ManualClock. */
  idle(): Promise<void>;
  readonly podRuntime: PodRuntime;
  readonly metrics: MetricsSource;
}

export interface LifeOptions {
  readonly client: LocalClient;
  readonly clock: Clock;
  /** A number in [0, 1). */
  readonly random: () => number;
  readonly logger: Logger;
  /** PEM, for the ConfigMaps `kube-root-ca.crt`. */
  readonly caCertificate?: string;
  /** The computers that run in launcher pods. */
  readonly guests?: Guests;
  /** Where KubeVirt's own API appears when its kinds do. */
  readonly registry?: Pick<ResourceRegistry, 'setCustom'>;
}

export function createLife(options: LifeOptions): Life {
  const { client, clock, random, logger, caCertificate = '', guests = new Guests() } = options;
  const timers = new TimerQueue(clock);
  const steady = { ...clockOf(clock), random };
  const loop = new WorkLoop(steady, timers, logger);
  const world = new World(client, clock, logger);
  const context: ControllerContext = {
    world,
    loop,
    logger,
    random,
    events: new EventRecorder(world, loop, logger),
  };
  const programOf = withLauncher(guests, chooseProgram);
  const metrics = new UsageMeter(world, programOf);
  const kubelets = new Kubelets(context, timers, programOf);
  addScheduler(context);
  addReplicaSetController(context);
  addDeploymentController(context);
  addStatefulSetController(context);
  addDaemonSetController(context);
  addJobController(context);
  addCronJobController(context);
  addNodeControllers(context);
  addEndpointControllers(context);
  addVolumeController(context);
  addDisruptionController(context);
  addQuotaController(context);
  addAutoscaler(context, metrics);
  const collections = new Collections(world);
  addGarbageCollector(context, collections);
  addNamespaceControllers(context, collections, () => caCertificate);
  if (options.registry) addKubeVirt(context, { collections, guests, registry: options.registry });
  addCdi(context, collections);
  addWukong(context, collections);
  return {
    name: 'life',
    start: async (signal) => {
      world.start(signal);
      await untilAborted(signal);
      await loop.close();
      kubelets.close();
      timers.close();
    },
    idle: () => loop.idle(),
    podRuntime: new SimulatedRuntime(context, kubelets),
    metrics,
  };
}

/** Methods of a class instance are not spread: take them one by one. */
function clockOf(clock: Clock): Omit<Clock, 'random'> {
  return {
    now: () => clock.now(),
    monotonic: () => clock.monotonic(),
    after: (delayMs, run) => clock.after(delayMs, run),
    every: (periodMs, run) => clock.every(periodMs, run),
    sleep: (delayMs, signal) => clock.sleep(delayMs, signal),
  };
}

function untilAborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener('abort', () => resolve(), { once: true });
  });
}
