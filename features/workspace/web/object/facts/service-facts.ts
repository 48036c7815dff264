import type { LiveObject } from '@krateyard/ui/live/live-frames';
import { at, listAt, textAt } from '../../../contract/columns/read.ts';
import type { Verdict } from './verdict.ts';

export interface EndpointFacts {
  readonly address: string;
  readonly ready: boolean;
  readonly terminating: boolean;
  readonly pod: string | undefined;
  readonly node: string | undefined;
  readonly zone: string | undefined;
}

/** The endpoints of all slices, those that are not ready first; an address that stands in two slices once. */
export function endpointsOf(slices: readonly LiveObject[]): readonly EndpointFacts[] {
  const found = new Map<string, EndpointFacts>();
  for (const slice of slices) {
    for (const endpoint of listAt(slice, 'endpoints')) {
      for (const address of listAt(endpoint, 'addresses').map(String)) {
        const isPod = textAt(endpoint, 'targetRef', 'kind') === 'Pod';
        found.set(address, {
          address,
          // Absent means that it is not known, and is to be taken as ready.
          ready: at(endpoint, 'conditions', 'ready') !== false,
          terminating: at(endpoint, 'conditions', 'terminating') === true,
          pod: (isPod ? textAt(endpoint, 'targetRef', 'name') : null) ?? undefined,
          node: textAt(endpoint, 'nodeName') ?? undefined,
          zone: textAt(endpoint, 'zone') ?? undefined,
        });
      }
    }
  }
  return [...found.values()].toSorted(
    (a, b) => Number(a.ready) - Number(b.ready) || (a.address < b.address ? -1 : 1),
  );
}

export function serviceVerdict(
  service: LiveObject,
  endpoints: readonly EndpointFacts[] | undefined,
): Verdict {
  if (textAt(service, 'spec', 'type') === 'ExternalName') {
    return {
      word: 'Running',
      text: `A name for ${textAt(service, 'spec', 'externalName') ?? '?'}.`,
      reasons: [],
    };
  }
  const waits = waitsForBalancer(service);
  if (!endpoints) return { word: 'Unknown', text: 'Its endpoints are not known.', reasons: waits };
  const ready = endpoints.filter((endpoint) => endpoint.ready).length;
  if (ready === 0) {
    const why =
      endpoints.length > 0
        ? `${endpoints.length} endpoints are there, none is ready.`
        : 'No pod that it selects is there with an address.';
    return { word: 'Failed', text: 'Nothing answers behind it.', reasons: [why, ...waits] };
  }
  const text =
    ready === endpoints.length
      ? `${ready === 1 ? 'One endpoint is' : `All ${ready} endpoints are`} ready.`
      : `${ready} of ${endpoints.length} endpoints are ready.`;
  return {
    word: ready === endpoints.length && waits.length === 0 ? 'Running' : 'Pending',
    text,
    reasons: waits,
  };
}

function waitsForBalancer(service: LiveObject): readonly string[] {
  if (textAt(service, 'spec', 'type') !== 'LoadBalancer') return [];
  return listAt(service, 'status', 'loadBalancer', 'ingress').length > 0
    ? []
    : ['It waits for a load balancer to give it an address.'];
}

/** `http 80 → 8080/TCP, node port 30080`. */
export function portText(port: unknown): string {
  const name = textAt(port, 'name');
  const target = textAt(port, 'targetPort');
  const node = textAt(port, 'nodePort');
  const number = textAt(port, 'port') ?? '?';
  return [
    `${name === null ? '' : `${name} `}${number}${target === null || target === number ? '' : ` → ${target}`}`,
    `/${textAt(port, 'protocol') ?? 'TCP'}`,
    node === null ? '' : `, node port ${node}`,
  ].join('');
}

export interface RouteFacts {
  readonly host: string;
  readonly path: string;
  readonly pathType: string;
  readonly service: string | undefined;
  readonly port: string;
  readonly tls: boolean;
}

/** An Ingress' ways, the default one last. */
export function routesOf(ingress: LiveObject): readonly RouteFacts[] {
  const secured = new Set(
    listAt(ingress, 'spec', 'tls').flatMap((entry) => listAt(entry, 'hosts').map(String)),
  );
  const backendOf = (backend: unknown): Pick<RouteFacts, 'service' | 'port'> => ({
    service: textAt(backend, 'service', 'name') ?? undefined,
    port: textAt(backend, 'service', 'port', 'name') ?? textAt(backend, 'service', 'port', 'number') ?? '',
  });
  const routes = listAt(ingress, 'spec', 'rules').flatMap((rule) => {
    const host = textAt(rule, 'host') ?? '*';
    return listAt(rule, 'http', 'paths').map((path) => ({
      host,
      path: textAt(path, 'path') ?? '/',
      pathType: textAt(path, 'pathType') ?? '',
      tls: secured.has(host),
      ...backendOf(at(path, 'backend')),
    }));
  });
  const byDefault = at(ingress, 'spec', 'defaultBackend');
  if (byDefault === undefined) return routes;
  return [...routes, { host: '*', path: '*', pathType: '', tls: false, ...backendOf(byDefault) }];
}
