import type { Container, NodeObject, Pod } from '../pod-types.ts';
import { subjectOf, type Happening } from '../event-recorder.ts';
import type { ControllerContext } from '../controller-context.ts';
import { hexOf } from '../hash.ts';
import type { Program } from '../programs/program.ts';
import { Machine } from '../shell/machine.ts';
import type { TimerQueue } from '../timer-queue.ts';
import { timestamp } from '../world.ts';
import {
  exitCodeOf,
  isDone,
  isReadyAt,
  isRunning,
  newRecord,
  type ContainerRecord,
} from './container-record.ts';
import type { Configuration } from './environment.ts';
import { imageSize, pullError, pullMs, type ImageStore } from './image-store.ts';
import { CALM_MS, crashBackoffMs, pullBackoffMs, restarts } from './restart-policy.ts';

export interface WorkerSetting {
  readonly context: ControllerContext;
  readonly timers: TimerQueue;
  readonly images: ImageStore;
  readonly configuration: Configuration;
  readonly chooseProgram: (container: Container) => Program;
  /** Has the pod looked at again. */
  readonly wake: () => void;
}

const NETWORK_MS = 250;
const CREATE_MS = 120;
const CONFIG_RETRY_MS = 2000;
const BACKOFF_SHOWS_AFTER_MS = 1200;
const MAX_TERMINATION_MESSAGE = 512;

/** One pod on its node: moves its containers on, step by step, whenever it is looked at. */
export class PodWorker {
  pod: Pod;
  readonly node: NodeObject;
  readonly startTime: string;
  readonly records: ContainerRecord[];
  podIP: string | undefined;
  #setting: WorkerSetting;
  #networkAt: number;
  #terminatingSince: number | undefined;
  #machines = new Map<ContainerRecord, Machine>();

  constructor(pod: Pod, node: NodeObject, setting: WorkerSetting) {
    this.pod = pod;
    this.node = node;
    this.#setting = setting;
    const now = setting.context.world.clock.now();
    this.startTime = pod.status?.startTime ?? timestamp(now);
    this.#networkAt = now + NETWORK_MS;
    this.podIP = pod.status?.podIP;
    this.records = [
      ...(pod.spec.initContainers ?? []).map((spec) =>
        newRecord(spec.restartPolicy === 'Always' ? 'sidecar' : 'init', spec),
      ),
      ...pod.spec.containers.map((spec) => newRecord('main', spec)),
      ...(pod.spec.ephemeralContainers ?? []).map((spec) => newRecord('ephemeral', spec)),
    ];
  }

  record(name: string): ContainerRecord | undefined {
    return this.records.find((each) => each.spec.name === name);
  }

  /** Takes up a pod that was running before this process looked (a scene made it so): no events, no waiting. */
  resume(): void {
    const now = this.#now();
    for (const record of this.records) {
      const status = [
        ...(this.pod.status?.containerStatuses ?? []),
        ...(this.pod.status?.initContainerStatuses ?? []),
      ].find((each) => each.name === record.spec.name);
      if (status?.state.terminated) record.phase = { is: 'ended', terminated: status.state.terminated };
      if (!status?.state.running) continue;
      record.restarts = status.restartCount;
      record.instance = status.restartCount;
      record.last = status.lastState.terminated;
      this.#launch(record, Date.parse(status.state.running.startedAt), now);
    }
  }

  /** New containers of a changed pod: only ephemeral ones and images may change. */
  update(pod: Pod): void {
    this.pod = pod;
    for (const spec of pod.spec.ephemeralContainers ?? [])
      if (!this.record(spec.name)) this.records.push(newRecord('ephemeral', spec));
  }

  get terminating(): boolean {
    return this.#terminatingSince !== undefined;
  }

  machine(record: ContainerRecord): Machine {
    let machine = this.#machines.get(record);
    if (!machine) {
      machine = new Machine(
        this.#setting.configuration.of(this.pod, record.spec),
        this.#setting.context.world.clock,
      );
      this.#machines.set(record, machine);
    }
    return machine;
  }

  /** Does what is due; resolves with the delay in ms until something is due again. */
  async advance(assignAddress: () => string): Promise<number | undefined> {
    const now = this.#now();
    if (this.podIP === undefined) {
      if (now < this.#networkAt) return this.#networkAt - now;
      const missing = this.#setting.configuration.missingVolume(this.pod);
      if (missing !== undefined) {
        await this.#event('Warning', 'FailedMount', missing);
        return CONFIG_RETRY_MS;
      }
      this.podIP = assignAddress();
    }
    for (const record of this.#startable(now)) if (record.phase.is === 'idle') await this.#begin(record, now);
    for (const record of this.records) await this.#step(record, now);
    await this.#stopSidecars();
    // A step may have made the next container startable.
    if (this.#startable(now).some((record) => record.phase.is === 'idle')) return 0;
    return this.#nextDue(now);
  }

  /** Ends all containers, kindly until the grace period is over; resolves with undefined when all have ended, else with the delay. */
  async terminate(graceMs: number): Promise<number | undefined> {
    const now = this.#now();
    this.#terminatingSince ??= now;
    for (const record of this.records) {
      this.#takeExit(record, now);
      if (record.phase.is !== 'running') continue;
      if (!record.phase.stopping) {
        await this.#event('Normal', 'Killing', `Stopping container ${record.spec.name}`, record);
        const { program } = record.phase;
        record.phase = { ...record.phase, stopping: true };
        program.stop();
      }
      if (now >= this.#terminatingSince + graceMs) record.phase.program.kill();
      this.#takeExit(record, now);
    }
    return this.records.some(isRunning) ? Math.max(1, this.#terminatingSince + graceMs - now) : undefined;
  }

  /** Ends everything at once, without a word: the pod is gone. */
  destroy(): void {
    for (const record of this.records) {
      if (record.phase.is === 'running') record.phase.program.kill();
      this.#takeExit(record, this.#now());
    }
    for (const machine of this.#machines.values()) machine.destroy();
  }

  async #begin(record: ContainerRecord, now: number): Promise<void> {
    const image = record.spec.image ?? '';
    const missing = this.#setting.configuration.missingReference(this.pod, record.spec);
    if (missing !== undefined) {
      await this.#event('Warning', 'Failed', `Error: ${missing}`, record);
      record.phase = {
        is: 'blocked',
        reason: 'CreateContainerConfigError',
        message: missing,
        until: now + CONFIG_RETRY_MS,
      };
      return;
    }
    const policy = record.spec.imagePullPolicy ?? (image.endsWith(':latest') ? 'Always' : 'IfNotPresent');
    const present =
      policy === 'Never' ? pullError(image) === undefined : this.#setting.images.has(this.#nodeName, image);
    if (policy !== 'Always' && present) {
      await this.#event('Normal', 'Pulled', `Container image "${image}" already present on machine`, record);
      record.phase = { is: 'starting', until: now + CREATE_MS };
      return;
    }
    if (policy === 'Never') return this.#neverPull(record, image, now);
    await this.#event('Normal', 'Pulling', `Pulling image "${image}"`, record);
    const takes = present || this.#setting.images.has(this.#nodeName, image) ? 150 : pullMs(image);
    record.phase = { is: 'pulling', since: now, until: now + takes };
  }

  async #step(record: ContainerRecord, now: number): Promise<void> {
    this.#takeExit(record, now);
    const { phase } = record;
    switch (phase.is) {
      case 'idle':
        return;
      case 'pulling':
        return now >= phase.until ? this.#pulled(record, phase.since, now) : undefined;
      case 'blocked':
        return now >= phase.until ? this.#unblock(record, phase, now) : undefined;
      case 'starting':
        return now >= phase.until ? this.#start(record, now) : undefined;
      case 'running':
        return this.#probe(record, now);
      case 'ended':
        return phase.until !== undefined && now >= phase.until ? this.#restart(record, now) : undefined;
      case 'backoff':
        if (now >= phase.until) await this.#beginAgain(record, now);
    }
  }

  async #neverPull(record: ContainerRecord, image: string, now: number): Promise<void> {
    const message = `Container image "${image}" is not present with pull policy of Never`;
    await this.#event('Warning', 'ErrImageNeverPull', message, record);
    record.phase = { is: 'blocked', reason: 'ErrImageNeverPull', message, until: now + CONFIG_RETRY_MS };
  }

  async #pulled(record: ContainerRecord, since: number, now: number): Promise<void> {
    const image = record.spec.image ?? '';
    const error = pullError(image);
    if (error === undefined) {
      this.#setting.images.add(this.#nodeName, image);
      record.pullFailures = 0;
      const took = `${((now - since) / 1000).toFixed(3).replace(/0+$/, '').replace(/\.$/, '')}s`;
      const message = `Successfully pulled image "${image}" in ${took} (${took} including waiting). Image size: ${imageSize(image)} bytes.`;
      await this.#event('Normal', 'Pulled', message, record);
      record.phase = { is: 'starting', until: now + CREATE_MS };
      return;
    }
    record.pullFailures += 1;
    await this.#event('Warning', 'Failed', `Failed to pull image "${image}": ${error}`, record);
    await this.#event('Warning', 'Failed', 'Error: ErrImagePull', record);
    record.phase = {
      is: 'blocked',
      reason: 'ErrImagePull',
      message: error,
      until: now + BACKOFF_SHOWS_AFTER_MS,
    };
  }

  async #unblock(
    record: ContainerRecord,
    phase: { reason: string; message: string },
    now: number,
  ): Promise<void> {
    if (phase.reason !== 'ErrImagePull') return this.#begin(record, now);
    const backOff = `Back-off pulling image "${record.spec.image}"`;
    await this.#event('Normal', 'BackOff', backOff, record);
    await this.#event('Warning', 'Failed', 'Error: ImagePullBackOff', record);
    record.phase = {
      is: 'blocked',
      reason: 'ImagePullBackOff',
      message: `${backOff}: ErrImagePull: ${phase.message}`,
      until: now + pullBackoffMs(record.pullFailures),
    };
  }

  async #start(record: ContainerRecord, now: number): Promise<void> {
    await this.#event('Normal', 'Created', `Created container: ${record.spec.name}`, record);
    this.#launch(record, now, now);
    await this.#event('Normal', 'Started', `Started container ${record.spec.name}`, record);
  }

  #launch(record: ContainerRecord, startedAt: number, now: number): void {
    const { context, timers, chooseProgram, wake } = this.#setting;
    record.program = chooseProgram(record.spec);
    record.previousLog = record.log;
    record.exit = undefined;
    this.#machines.get(record)?.destroy();
    this.#machines.delete(record);
    const setting = {
      pod: this.pod,
      container: record.spec,
      instance: record.instance,
      clock: context.world.clock,
      timers,
      startedAt,
      machine: () => this.machine(record),
    };
    const instance = record.instance;
    const program = record.program.start(setting, (exit) => {
      if (record.instance !== instance) return;
      record.exit = exit;
      wake();
    });
    record.log = program.log;
    record.phase = {
      is: 'running',
      startedAt,
      program,
      readyAt: readyAt(record, startedAt, now),
      containerID: this.#containerID(record),
    };
  }

  #containerID(record: ContainerRecord): string {
    return `containerd://${hexOf(`${this.pod.metadata.uid}/${record.spec.name}/${record.instance}`, 64)}`;
  }

  async #restart(record: ContainerRecord, now: number): Promise<void> {
    const wait = crashBackoffMs(record.crashes);
    const ended = record.phase.is === 'ended' ? record.phase.terminated : undefined;
    record.last = ended;
    if (record.crashes <= 1) return this.#beginAgain(record, now);
    const { name, namespace, uid } = this.pod.metadata;
    const where = `container ${record.spec.name} in pod ${name}_${namespace}(${uid})`;
    await this.#event('Warning', 'BackOff', `Back-off restarting failed ${where}`, record);
    const seconds = Math.round(wait / 1000);
    const shown =
      seconds >= 300
        ? '5m0s'
        : seconds >= 60
          ? `${Math.floor(seconds / 60)}m${seconds % 60}s`
          : `${seconds}s`;
    record.phase = {
      is: 'backoff',
      until: now + wait - BACKOFF_SHOWS_AFTER_MS,
      message: `back-off ${shown} restarting failed container=${record.spec.name} pod=${name}_${namespace}(${uid})`,
    };
  }

  #beginAgain(record: ContainerRecord, now: number): Promise<void> {
    record.restarts += 1;
    record.instance += 1;
    return this.#begin(record, now);
  }

  async #probe(record: ContainerRecord, now: number): Promise<void> {
    const { readinessProbe } = record.spec;
    if (record.phase.is !== 'running' || record.phase.readyAt !== undefined || !readinessProbe) return;
    if (now < record.nextProbeEventAt) return;
    // Real probes fail every period; one look in six periods keeps an idle sandbox idle and still counts up.
    const first = record.nextProbeEventAt === 0;
    record.nextProbeEventAt = now + (first ? 1 : 6) * (readinessProbe.periodSeconds ?? 10) * 1000;
    if (!first)
      await this.#event(
        'Warning',
        'Unhealthy',
        'Readiness probe failed: HTTP probe failed with statuscode: 503',
        record,
      );
  }

  #takeExit(record: ContainerRecord, now: number): void {
    if (record.phase.is !== 'running' || !record.exit) return;
    const { exitCode, reason, message } = record.exit;
    const { startedAt, containerID } = record.phase;
    record.exit = undefined;
    record.crashes = now - startedAt >= CALM_MS ? 1 : record.crashes + 1;
    const terminated = {
      exitCode,
      reason: reason ?? (exitCode === 0 ? 'Completed' : 'Error'),
      ...(message !== undefined && { message: message.slice(0, MAX_TERMINATION_MESSAGE) }),
      startedAt: timestamp(startedAt),
      finishedAt: timestamp(now),
      containerID,
    };
    const again = !this.terminating && restarts(this.pod, record, exitCode);
    const shown = record.crashes <= 1 ? crashBackoffMs(record.crashes) : BACKOFF_SHOWS_AFTER_MS;
    record.phase = { is: 'ended', terminated, ...(again && { until: now + shown }) };
  }

  /** Init containers one after the other, then all main containers; ephemeral ones whenever the pod runs. */
  #startable(now: number): ContainerRecord[] {
    const inits = this.records.filter((record) => record.kind === 'init' || record.kind === 'sidecar');
    const next = inits.find((record) =>
      record.kind === 'init' ? !(isDone(record) && exitCodeOf(record) === 0) : !isReadyAt(record, now),
    );
    const ephemeral = this.records.filter((record) => record.kind === 'ephemeral');
    const mains = this.records.filter((record) => record.kind === 'main');
    if (next && !mains.some((record) => record.phase.is !== 'idle')) return [next, ...ephemeral];
    return [...mains, ...ephemeral];
  }

  async #stopSidecars(): Promise<void> {
    const mains = this.records.filter((record) => record.kind === 'main');
    if (!mains.every(isDone)) return;
    for (const record of this.records) {
      if (record.kind !== 'sidecar' || record.phase.is !== 'running' || record.phase.stopping) continue;
      await this.#event('Normal', 'Killing', `Stopping container ${record.spec.name}`, record);
      const { program } = record.phase;
      record.phase = { ...record.phase, stopping: true };
      program.stop();
      const graceMs = (this.pod.spec.terminationGracePeriodSeconds ?? 30) * 1000;
      this.#setting.timers.after(graceMs, () => program.kill());
      this.#terminatingSince ??= this.#now();
    }
  }

  #nextDue(now: number): number | undefined {
    const due = this.records.flatMap((record) => {
      const { phase } = record;
      if (phase.is === 'running') {
        if (phase.readyAt !== undefined) return phase.readyAt > now ? [phase.readyAt] : [];
        return record.spec.readinessProbe ? [record.nextProbeEventAt] : [];
      }
      return 'until' in phase && phase.until !== undefined ? [phase.until] : [];
    });
    return due.length === 0 ? undefined : Math.max(1, Math.min(...due) - now);
  }

  #event(type: Happening['type'], reason: string, message: string, record?: ContainerRecord): Promise<void> {
    const list =
      record?.kind === 'init' || record?.kind === 'sidecar'
        ? 'initContainers'
        : record?.kind === 'ephemeral'
          ? 'ephemeralContainers'
          : 'containers';
    const path = record && `spec.${list}{${record.spec.name}}`;
    const source = { component: 'kubelet', host: this.#nodeName };
    return this.#setting.context.events.record(source, subjectOf(this.pod, 'v1', 'Pod', path), {
      type,
      reason,
      message,
    });
  }

  get #nodeName(): string {
    return this.node.metadata.name!;
  }

  #now(): number {
    return this.#setting.context.world.clock.now();
  }
}

/** Ready at once without a probe; with one when the program answers, not before the probe's delay. */
function readyAt(record: ContainerRecord, startedAt: number, now: number): number | undefined {
  const probe = record.spec.readinessProbe ?? record.spec.startupProbe;
  if (!probe) return startedAt;
  const answers = record.program?.readyAfterMs;
  if (answers === undefined) return undefined;
  const at = startedAt + Math.max(answers, (probe.initialDelaySeconds ?? 0) * 1000 + 300);
  return Math.min(at, Math.max(at, now));
}
