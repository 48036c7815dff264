import { objectKey, type ControllerContext } from '../controller-context.ts';
import { canonical } from '../hash.ts';
import { isDeleting, isFinished } from '../pod-state.ts';
import type { Container, NodeObject, Pod } from '../pod-types.ts';
import type { Program } from '../programs/program.ts';
import { RESOURCES } from '../resources.ts';
import type { TimerQueue } from '../timer-queue.ts';
import { Configuration } from './environment.ts';
import { ImageStore } from './image-store.ts';
import { PodNetwork, nodeAddress } from './pod-network.ts';
import { podStatus } from './pod-status.ts';
import { PodWorker } from './pod-worker.ts';

/** A node with this annotation has lost its kubelet: no heartbeats, nothing starts or stops. */
const FAILED_NODE = 'sandbox.krateyard.dev/failed';

/** The kubelets of all nodes. Pods that were made running are only taken up when somebody needs them. */
export class Kubelets {
  readonly images = new ImageStore();
  #context: ControllerContext;
  #timers: TimerQueue;
  #chooseProgram: (container: Container) => Program;
  #configuration: Configuration;
  #network = new PodNetwork();
  /** By uid. */
  #workers = new Map<string, PodWorker>();
  #enqueue: (key: string) => void;

  constructor(
    context: ControllerContext,
    timers: TimerQueue,
    chooseProgram: (container: Container) => Program,
  ) {
    this.#context = context;
    this.#timers = timers;
    this.#chooseProgram = chooseProgram;
    this.#configuration = new Configuration(context.world);
    this.#enqueue = context.loop.register('kubelet', (key) => this.#sync(key));
    this.#pods.onChange((pod, old, gone) => this.#onPod(pod, old, gone));
    this.#nodes.onChange((node, old) => {
      if (!old || isFailed(node) !== isFailed(old)) this.#wakeNode(node.metadata.name!);
    });
  }

  /** The worker of a pod that runs or has run; undefined while the pod has no node. */
  worker(namespace: string, name: string): PodWorker | undefined {
    const pod = this.#pods.get(`${namespace}/${name}`);
    const node = pod?.spec.nodeName === undefined ? undefined : this.#nodes.get(pod.spec.nodeName);
    return pod && node && this.#workerOf(pod, node);
  }

  close(): void {
    for (const worker of this.#workers.values()) worker.destroy();
    this.#workers.clear();
  }

  get #pods() {
    return this.#context.world.mirror<Pod>(RESOURCES.pods);
  }

  get #nodes() {
    return this.#context.world.mirror<NodeObject>(RESOURCES.nodes);
  }

  #onPod(pod: Pod, old: Pod | undefined, gone: boolean): void {
    const uid = pod.metadata.uid!;
    const worker = this.#workers.get(uid);
    if (gone) {
      worker?.destroy();
      this.#workers.delete(uid);
      const node = this.#nodes.get(pod.spec.nodeName ?? '');
      if (node) this.#network.release(node, worker?.podIP ?? pod.status?.podIP);
      return;
    }
    if (!pod.spec.nodeName) return;
    if (worker) worker.update(pod);
    const started = pod.status?.phase === 'Running' || isFinished(pod);
    if (!worker && started && !isDeleting(pod)) {
      const node = this.#nodes.get(pod.spec.nodeName);
      if (node && !old) this.#network.adopt(node, pod);
      return;
    }
    const moved =
      !worker ||
      old?.metadata.deletionTimestamp !== pod.metadata.deletionTimestamp ||
      old?.metadata.deletionGracePeriodSeconds !== pod.metadata.deletionGracePeriodSeconds ||
      old?.metadata.generation !== pod.metadata.generation ||
      old?.spec !== pod.spec;
    if (moved) this.#enqueue(objectKey(pod));
  }

  #wakeNode(name: string): void {
    for (const pod of this.#pods.all())
      if (pod.spec.nodeName === name && (isDeleting(pod) || pod.status?.phase !== 'Running'))
        this.#enqueue(objectKey(pod));
    for (const { pod } of this.#workers.values())
      if (pod.spec.nodeName === name) this.#enqueue(objectKey(pod));
  }

  #workerOf(pod: Pod, node: NodeObject): PodWorker {
    const uid = pod.metadata.uid!;
    let worker = this.#workers.get(uid);
    if (worker) return worker;
    worker = new PodWorker(pod, node, {
      context: this.#context,
      timers: this.#timers,
      images: this.images,
      configuration: this.#configuration,
      chooseProgram: this.#chooseProgram,
      wake: () => this.#enqueue(objectKey(pod)),
    });
    this.#workers.set(uid, worker);
    if (pod.status?.phase === 'Running') worker.resume();
    return worker;
  }

  async #sync(key: string): Promise<number | void> {
    const pod = this.#pods.get(key);
    const node = pod?.spec.nodeName === undefined ? undefined : this.#nodes.get(pod.spec.nodeName);
    if (!pod || !node || isFailed(node)) return undefined;
    if (isFinished(pod)) return isDeleting(pod) ? this.#remove(pod) : undefined;
    const worker = this.#workerOf(pod, node);
    const due = isDeleting(pod)
      ? await worker.terminate((pod.metadata.deletionGracePeriodSeconds ?? 30) * 1000)
      : await worker.advance(() => (pod.spec.hostNetwork ? nodeAddress(node) : this.#network.allocate(node)));
    const latest = this.#pods.get(key);
    if (!latest || latest.metadata.uid !== pod.metadata.uid) return undefined;
    await this.#report(latest, worker);
    if (isDeleting(pod) && due === undefined) return this.#remove(pod);
    return due;
  }

  async #report(pod: Pod, worker: PodWorker): Promise<void> {
    const status = podStatus({
      pod,
      records: worker.records,
      hostIP: nodeAddress(worker.node),
      podIP: worker.podIP,
      startTime: worker.startTime,
      now: this.#context.world.clock.now(),
    });
    const old = pod.status ?? {};
    const changed = Object.entries(status).some(
      ([field, value]) => canonical(value) !== canonical(old[field]),
    );
    if (changed) await this.#context.world.patchStatus(RESOURCES.pods, pod, status);
  }

  async #remove(pod: Pod): Promise<undefined> {
    await this.#context.world.remove(RESOURCES.pods, pod, { gracePeriodSeconds: 0 });
    return undefined;
  }
}

export function isFailed(node: NodeObject): boolean {
  return node.metadata.annotations?.[FAILED_NODE] !== undefined;
}
