import type { KubeObject } from '@krateyard/kube/meta/object';
import { badRequest } from './api-errors.ts';

interface Named {
  readonly name: string;
}

/** The container that a request for a pod means; BadRequest where that is not clear or there is no such one. */
export function containerOf(pod: KubeObject, asked: string | null): string {
  const {
    containers = [],
    initContainers = [],
    ephemeralContainers = [],
  } = pod['spec'] as {
    containers?: Named[];
    initContainers?: Named[];
    ephemeralContainers?: Named[];
  };
  const podName = pod.metadata.name;
  const all = [...containers, ...initContainers, ...ephemeralContainers].map(({ name }) => name);
  if (asked !== null && asked !== '') {
    if (!all.includes(asked)) throw badRequest(`container ${asked} is not valid for pod ${podName}`);
    return asked;
  }
  if (all.length === 1 || containers.length === 1) return containers[0]!.name;
  const names = containers.map(({ name }) => name).join(' ');
  const inits =
    initContainers.length > 0
      ? ` or one of the init containers: [${initContainers.map(({ name }) => name).join(' ')}]`
      : '';
  throw badRequest(
    `a container name must be specified for pod ${podName}, choose one of: [${names}]${inits}`,
  );
}

/** Throws BadRequest for a pod that no node runs. */
export function requireNode(pod: KubeObject): void {
  const { nodeName = '' } = pod['spec'] as { nodeName?: string };
  if (nodeName === '') throw badRequest(`pod ${pod.metadata.name} does not have a host assigned`);
}
