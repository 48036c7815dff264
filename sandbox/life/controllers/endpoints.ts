import { matchesLabels } from '@krateyard/kube/meta/label-selector';
import type { KubeObject } from '@krateyard/kube/meta/object';
import { objectKey, type ControllerContext } from '../controller-context.ts';
import { canonical } from '../hash.ts';
import { isDeleting, isFinished, isReady, ownerReference } from '../pod-state.ts';
import type { Pod } from '../pod-types.ts';
import { RESOURCES } from '../resources.ts';

/** kube-controller-manager's `--max-endpoints-per-slice`. */
const PER_SLICE = 100;
const SERVICE_LABEL = 'kubernetes.io/service-name';
const MANAGER_LABEL = 'endpointslice.kubernetes.io/managed-by';
const MANAGER = 'endpointslice-controller.k8s.io';

interface ServicePort {
  name?: string;
  port: number;
  targetPort?: number | string;
  protocol?: string;
}

interface Service extends KubeObject {
  spec: {
    selector?: Record<string, string>;
    ports?: ServicePort[];
    publishNotReadyAddresses?: boolean;
    type?: string;
  };
}

interface Slice extends KubeObject {
  endpoints?: object[] | null;
  ports?: object[];
}

/** Writes the EndpointSlices, and the Endpoints for those that still read them, of every Service with a selector. */
export function addEndpointControllers(context: ControllerContext): void {
  const { world, loop } = context;
  const services = world.mirror<Service>(RESOURCES.services);
  world.mirror(RESOURCES.endpointSlices);
  world.mirror(RESOURCES.endpoints);
  const enqueue = loop.register('endpoints', async (key) => {
    const service = services.get(key);
    if (service?.spec.selector && service.spec.type !== 'ExternalName' && !isDeleting(service))
      await reconcile(context, service);
  });
  services.onChange((service, _old, gone) => {
    if (gone) void removeEndpoints(context, service);
    else enqueue(objectKey(service));
  });
  world.mirror<Pod>(RESOURCES.pods).onChange((pod, old, gone) => {
    if (old && !gone && !movesEndpoints(pod, old)) return;
    for (const service of services.inNamespace(pod.metadata.namespace!))
      if (selects(service, pod) || (old && selects(service, old))) enqueue(objectKey(service));
  });
}

function movesEndpoints(pod: Pod, old: Pod): boolean {
  return (
    pod.status?.podIP !== old.status?.podIP ||
    isReady(pod) !== isReady(old) ||
    isDeleting(pod) !== isDeleting(old) ||
    isFinished(pod) !== isFinished(old) ||
    canonical(pod.metadata.labels) !== canonical(old.metadata.labels)
  );
}

function selects(service: Service, pod: Pod): boolean {
  const selector = Object.entries(service.spec.selector ?? {});
  if (selector.length === 0) return false;
  return matchesLabels(
    selector.map(([key, value]) => ({ key, operator: 'In', values: [value] })),
    pod.metadata.labels,
  );
}

async function removeEndpoints(context: ControllerContext, service: Service): Promise<void> {
  const found = context.world.mirror(RESOURCES.endpoints).get(objectKey(service));
  if (found) await context.world.remove(RESOURCES.endpoints, found).catch(() => {});
}

async function reconcile(context: ControllerContext, service: Service): Promise<void> {
  const pods = Array.from(context.world.mirror<Pod>(RESOURCES.pods).inNamespace(service.metadata.namespace!))
    .filter((pod) => selects(service, pod) && pod.status?.podIP !== undefined && !isFinished(pod))
    .toSorted((a, b) => (a.metadata.name! < b.metadata.name! ? -1 : 1));
  await writeSlices(context, service, pods);
  await writeEndpoints(context, service, pods);
}

async function writeSlices(
  context: ControllerContext,
  service: Service,
  pods: readonly Pod[],
): Promise<void> {
  const { world } = context;
  const slices = world.mirror<Slice>(RESOURCES.endpointSlices).ownedBy(service.metadata.uid!);
  const endpoints = pods.map((pod) => endpointOf(service, pod));
  const ports = portsOf(service, pods);
  const wanted = Math.max(1, Math.ceil(endpoints.length / PER_SLICE));
  for (let index = 0; index < wanted; index++) {
    const part = endpoints.slice(index * PER_SLICE, (index + 1) * PER_SLICE);
    const slice = slices[index];
    if (!slice) await world.create<Slice>(RESOURCES.endpointSlices, newSlice(service, part, ports));
    else if (canonical([slice.endpoints ?? [], slice.ports ?? []]) !== canonical([part, ports]))
      await world.patch(RESOURCES.endpointSlices, slice, { endpoints: part, ports });
  }
  for (const extra of slices.slice(wanted)) await world.remove(RESOURCES.endpointSlices, extra);
}

function endpointOf(service: Service, pod: Pod): object {
  const ready = isReady(pod) || service.spec.publishNotReadyAddresses === true;
  const { name, namespace, uid } = pod.metadata;
  return {
    addresses: [pod.status!.podIP!],
    conditions: { ready: ready && !isDeleting(pod), serving: ready, terminating: isDeleting(pod) },
    ...(pod.spec.hostname && pod.spec.subdomain === service.metadata.name && { hostname: pod.spec.hostname }),
    nodeName: pod.spec.nodeName,
    targetRef: { kind: 'Pod', name, namespace, uid },
  };
}

function newSlice(service: Service, endpoints: object[], ports: object[]): Slice {
  return {
    apiVersion: 'discovery.k8s.io/v1',
    kind: 'EndpointSlice',
    metadata: {
      generateName: `${service.metadata.name}-`,
      namespace: service.metadata.namespace!,
      labels: {
        ...service.metadata.labels,
        [SERVICE_LABEL]: service.metadata.name!,
        [MANAGER_LABEL]: MANAGER,
      },
      ownerReferences: [ownerReference(service, 'v1', 'Service')],
    },
    addressType: 'IPv4',
    endpoints,
    ports,
  };
}

/** Named target ports are looked up in the first pod that has them. */
function portsOf(service: Service, pods: readonly Pod[]): { name: string; port: number; protocol: string }[] {
  return (service.spec.ports ?? []).map(({ name = '', port, targetPort, protocol = 'TCP' }) => {
    const ports = pods.flatMap((pod) => pod.spec.containers.flatMap((container) => container.ports ?? []));
    const named = ports.find((each) => each.name === targetPort)?.containerPort;
    return { name, port: typeof targetPort === 'number' ? targetPort : (named ?? port), protocol };
  });
}

async function writeEndpoints(
  context: ControllerContext,
  service: Service,
  pods: readonly Pod[],
): Promise<void> {
  const { world } = context;
  const serving = pods.filter((pod) => !isDeleting(pod));
  const addresses = serving
    .filter((pod) => isReady(pod) || service.spec.publishNotReadyAddresses)
    .map(addressOf);
  const notReady = serving
    .filter((pod) => !isReady(pod) && !service.spec.publishNotReadyAddresses)
    .map(addressOf);
  const ports = portsOf(service, pods).map(({ name, ...rest }) => ({ ...(name && { name }), ...rest }));
  const some = addresses.length + notReady.length > 0;
  const subsets = some
    ? [
        {
          ...(addresses.length > 0 && { addresses }),
          ...(notReady.length > 0 && { notReadyAddresses: notReady }),
          ports,
        },
      ]
    : null;
  const found = world.mirror<KubeObject>(RESOURCES.endpoints).get(objectKey(service));
  if (!found) {
    await world.ensure<KubeObject>(RESOURCES.endpoints, {
      apiVersion: 'v1',
      kind: 'Endpoints',
      metadata: {
        name: service.metadata.name!,
        namespace: service.metadata.namespace!,
        labels: { ...service.metadata.labels, 'endpoints.kubernetes.io/managed-by': 'endpoint-controller' },
      },
      ...(subsets && { subsets }),
    });
  } else if (canonical(found['subsets'] ?? null) !== canonical(subsets))
    await world.patch(RESOURCES.endpoints, found, { subsets });
}

function addressOf(pod: Pod): object {
  const { name, namespace, uid } = pod.metadata;
  return {
    ip: pod.status!.podIP!,
    nodeName: pod.spec.nodeName,
    targetRef: { kind: 'Pod', name, namespace, uid },
  };
}
