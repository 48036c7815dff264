import type { Duplex } from 'node:stream';
import { StatusError } from '@krateyard/status/status-error';
import type { ContainerLog } from '../container-log.ts';
import type { ControllerContext } from '../controller-context.ts';
import type { AttachOptions, ExecOptions, ExecSession, LogOptions, PodRuntime } from '../pod-runtime.ts';
import { isShellLess } from '../programs/choose-program.ts';
import { openExec } from '../shell/exec-session.ts';
import { attachToConsole, attachToLog } from './attach-session.ts';
import type { ContainerRecord } from './container-record.ts';
import type { Kubelets } from './kubelet.ts';
import { readLog } from './log-reader.ts';
import type { PodWorker } from './pod-worker.ts';
import { webAnswer } from './web-answer.ts';

/** Logs, exec and port-forward of the simulated pods. */
export class SimulatedRuntime implements PodRuntime {
  #context: ControllerContext;
  #kubelets: Kubelets;

  constructor(context: ControllerContext, kubelets: Kubelets) {
    this.#context = context;
    this.#kubelets = kubelets;
  }

  logs(
    namespace: string,
    pod: string,
    options: LogOptions,
    signal: AbortSignal,
  ): Promise<AsyncIterable<Uint8Array>> {
    return Promise.resolve().then(() => {
      const record = this.#record(namespace, pod, options.container);
      const log = options.previous ? previousLogOf(record) : (record.log ?? record.previousLog);
      if (log) return readLog(log, options, this.#context.world.clock.now(), signal);
      if (options.previous)
        throw new StatusError(
          'BadRequest',
          `previous terminated container "${options.container}" in pod "${pod}" not found`,
        );
      throw new StatusError(
        'BadRequest',
        `container "${options.container}" in pod "${pod}" is waiting to start: ${waitsFor(record)}`,
      );
    });
  }

  exec(namespace: string, pod: string, options: ExecOptions): Promise<ExecSession> {
    return Promise.resolve().then(() => {
      const worker = this.#worker(namespace, pod);
      const record = this.#record(namespace, pod, options.container);
      const { phase } = worker.pod.status ?? {};
      if (phase === 'Succeeded' || phase === 'Failed')
        throw new StatusError(
          'BadRequest',
          `cannot exec into a container in a completed pod; current phase is ${phase}`,
        );
      if (record.phase.is !== 'running')
        throw new StatusError(
          'InternalError',
          `unable to upgrade connection: container not found ("${options.container}")`,
        );
      return openExec(worker.machine(record), options, { shellLess: isShellLess(record.spec.image ?? '') });
    });
  }

  async attach(namespace: string, pod: string, options: AttachOptions): Promise<ExecSession> {
    const { phase } = this.#record(namespace, pod, options.container);
    if (phase.is === 'running' && phase.program.console)
      return attachToConsole(phase.program.console, options);
    const stop = new AbortController();
    const fromNow = { follow: true, previous: false, timestamps: false, tailLines: 0 };
    const lines = await this.logs(namespace, pod, { ...fromNow, container: options.container }, stop.signal);
    return attachToLog(lines, stop);
  }

  dial(namespace: string, pod: string, port: number): Promise<Duplex> {
    return Promise.resolve().then(() => {
      const worker = this.#worker(namespace, pod);
      if (!worker.records.some((record) => record.phase.is === 'running'))
        throw new StatusError(
          'InternalError',
          `unable to forward port because pod is not running. Current status=${worker.pod.status?.phase}`,
        );
      const open = worker.records.some((record) =>
        (record.spec.ports ?? []).some((each) => each.containerPort === port),
      );
      if (!open)
        throw new StatusError(
          'ServiceUnavailable',
          `failed to connect to localhost:${port} inside namespace "${namespace}": dial tcp4 127.0.0.1:${port}: connect: connection refused`,
        );
      return webAnswer(pod, port);
    });
  }

  #worker(namespace: string, pod: string): PodWorker {
    const worker = this.#kubelets.worker(namespace, pod);
    if (!worker) throw new StatusError('BadRequest', `pod ${pod} does not have a host assigned`);
    return worker;
  }

  #record(namespace: string, pod: string, container: string): ContainerRecord {
    const record = this.#worker(namespace, pod).record(container);
    if (!record) throw new StatusError('BadRequest', `container ${container} is not valid for pod ${pod}`);
    return record;
  }
}

/** While a container waits to be started again, its last instance is both the present and the previous one. */
function previousLogOf(record: ContainerRecord): ContainerLog | undefined {
  const present = record.phase.is === 'running' || record.phase.is === 'ended';
  return present ? record.previousLog : record.log;
}

function waitsFor(record: ContainerRecord): string {
  if (record.phase.is !== 'blocked') return 'ContainerCreating';
  return record.phase.reason === 'ErrImagePull' || record.phase.reason === 'ImagePullBackOff'
    ? 'trying and failing to pull image'
    : record.phase.reason;
}
