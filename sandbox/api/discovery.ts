import { createHash } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { formatGroupVersion } from '@krateyard/kube/meta/group-version';
import { sendJson, sendText } from './http-answer.ts';
import { prefersAs } from './representation.ts';
import type { ResourceDefinition, SubresourceDefinition } from './resource-definition.ts';
import type { ServedResources } from './missing-parts.ts';

const AGGREGATED = { g: 'apidiscovery.k8s.io', v: 'v2', as: 'APIGroupDiscoveryList' } as const;
const AGGREGATED_TYPE = 'application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList';

/** Answers discovery paths; false for any other path. */
export function serveDiscovery(
  registry: ServedResources,
  request: IncomingMessage,
  response: ServerResponse,
  path: string,
): boolean {
  const parts = path.split('/').filter((part) => part !== '');
  if (parts[0] !== 'api' && parts[0] !== 'apis') return false;
  if (parts.length === 1 && registry.aggregatedDiscovery && prefersAs(request.headers.accept, AGGREGATED)) {
    const groups = parts[0] === 'api' ? [''] : registry.groups();
    sendTagged(request, response, JSON.stringify(aggregated(registry, groups)));
    return true;
  }
  const document = plainDocument(registry, parts);
  if (document === undefined) return false;
  sendJson(request, response, 200, document);
  return true;
}

/** With an ETag, as clients ask for these documents again and again. */
function sendTagged(request: IncomingMessage, response: ServerResponse, text: string): void {
  const etag = `"${createHash('sha256').update(text).digest('hex').toUpperCase()}"`;
  response.setHeader('ETag', etag);
  response.setHeader('Vary', 'Accept');
  if (request.headers['if-none-match'] === etag) {
    response.writeHead(304);
    response.end();
  } else sendText(request, response, 200, AGGREGATED_TYPE, text);
}

function plainDocument(registry: ServedResources, parts: readonly string[]): object | undefined {
  if (parts[0] === 'api') {
    if (parts.length === 1) return { kind: 'APIVersions', versions: ['v1'], serverAddressByClientCIDRs: [] };
    return parts.length === 2 ? resourceList(registry, '', parts[1]!) : undefined;
  }
  if (parts.length === 1)
    return {
      kind: 'APIGroupList',
      apiVersion: 'v1',
      groups: registry.groups().map((group) => groupDocument(registry, group)),
    };
  const [, group, version] = parts as [string, string, string?];
  if (registry.versionsOf(group) === undefined) return undefined;
  if (version === undefined) return { kind: 'APIGroup', apiVersion: 'v1', ...groupDocument(registry, group) };
  return parts.length === 3 ? resourceList(registry, group, version) : undefined;
}

function groupDocument(registry: ServedResources, group: string): object {
  const versions = (registry.versionsOf(group) ?? []).map((version) => ({
    groupVersion: formatGroupVersion({ group, version }),
    version,
  }));
  return { name: group, versions, preferredVersion: versions[0] };
}

function resourceList(registry: ServedResources, group: string, version: string): object | undefined {
  const definitions = registry.in(group, version);
  if (definitions.length === 0) return undefined;
  return {
    kind: 'APIResourceList',
    ...(group !== '' && { apiVersion: 'v1' }),
    groupVersion: formatGroupVersion({ group, version }),
    resources: definitions.flatMap(plainResource),
  };
}

function plainResource(definition: ResourceDefinition): object[] {
  const { resource, singular, namespaced, kind, verbs, shortNames, categories } = definition;
  const own = {
    name: resource,
    singularName: singular,
    namespaced,
    kind,
    verbs,
    ...(shortNames.length > 0 && { shortNames }),
    ...(categories.length > 0 && { categories }),
  };
  return [own, ...definition.subresources.map((sub) => plainSubresource(definition, sub))];
}

function plainSubresource(definition: ResourceDefinition, sub: SubresourceDefinition): object {
  return {
    name: `${definition.resource}/${sub.name}`,
    singularName: '',
    namespaced: definition.namespaced,
    ...(sub.version !== undefined && { group: sub.group, version: sub.version }),
    kind: sub.kind,
    verbs: sub.verbs,
  };
}

function aggregated(registry: ServedResources, groups: readonly string[]): object {
  const items = groups.map((group) => ({
    metadata: { ...(group !== '' && { name: group }), creationTimestamp: null },
    versions: (registry.versionsOf(group) ?? []).map((version) => ({
      version,
      resources: registry.in(group, version).map(aggregatedResource),
      freshness: 'Current',
    })),
  }));
  return { kind: 'APIGroupDiscoveryList', apiVersion: 'apidiscovery.k8s.io/v2', metadata: {}, items };
}

function aggregatedResource(definition: ResourceDefinition): object {
  const { resource, group, version, kind, namespaced, singular, verbs, shortNames, categories } = definition;
  return {
    resource,
    responseKind: { group, version, kind },
    scope: namespaced ? 'Namespaced' : 'Cluster',
    singularResource: singular,
    verbs,
    ...(shortNames.length > 0 && { shortNames }),
    ...(categories.length > 0 && { categories }),
    ...(definition.subresources.length > 0 && {
      subresources: definition.subresources.map((sub) => ({
        subresource: sub.name,
        responseKind: { group: sub.group ?? group, version: sub.version ?? version, kind: sub.kind },
        verbs: sub.verbs,
      })),
    }),
  };
}
