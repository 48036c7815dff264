import type { KubeObject } from '@krateyard/kube/meta/object';
import { StatusError } from '@krateyard/status/status-error';
import { cloneJson } from '../store/json-value.ts';
import { badRequest, conflict } from './api-errors.ts';
import { timestamp, type ApiServerContext } from './api-server-context.ts';
import { sendJson } from './http-answer.ts';
import { listObjects } from './object-lister.ts';
import type { ApiParts } from './in-process-client.ts';
import { nameIn, requiredObject } from './resource-endpoints.ts';
import type { SpecialSubresource } from './subresource-endpoints.ts';
import { readDeleteOptions, readWriteOptions } from './write-query.ts';
import { matchesLabels, requirementsOf, type LabelSelector } from '@krateyard/kube/meta/label-selector';
import type { DeleteOptions } from './object-deleter.ts';

const SUCCESS = { kind: 'Status', apiVersion: 'v1', metadata: {}, status: 'Success', code: 201 };

/** `pods/binding`: gives a pod to a node, once. */
export function bindingEndpoint({ context, writer }: ApiParts): SpecialSubresource {
  return async (call) => {
    const binding = await requiredObject(call.request);
    const options = readWriteOptions(call.request, call.info.query, call.user, 'CreateOptions');
    const at = nameIn(call);
    const pod = cloneJson(writer.read(call.definition, at).object);
    const { kind = 'Node', name = '' } = (binding['target'] ?? {}) as { kind?: string; name?: string };
    if (kind !== 'Node' || name === '') throw badRequest('a binding needs a target of kind Node with a name');
    bind(context, pod, name, at.name);
    // Both halves in one write, as the registry does; the subresource `binding` may change spec and status.
    writer.update(call.definition, at, pod, { ...options, subresource: 'binding' });
    sendJson(call.request, call.response, 201, SUCCESS);
  };
}

function bind(context: ApiServerContext, pod: KubeObject, node: string, name: string): void {
  const spec = pod['spec'] as { nodeName?: string };
  if ((spec.nodeName ?? '') !== '')
    throw conflict(
      { resource: 'pods/binding', group: '' },
      name,
      `pod ${name} is already assigned to node "${spec.nodeName}"`,
    );
  if (pod.metadata.deletionTimestamp !== undefined)
    throw conflict(
      { resource: 'pods/binding', group: '' },
      name,
      `pod ${name} is being deleted, cannot be assigned to a host`,
    );
  spec.nodeName = node;
  const status = pod['status'] as { conditions?: object[] };
  const others = (status.conditions ?? []).filter(
    (one) => (one as { type?: string }).type !== 'PodScheduled',
  );
  const scheduled = {
    type: 'PodScheduled',
    status: 'True',
    lastProbeTime: null,
    lastTransitionTime: timestamp(context.clock),
  };
  status.conditions = [...others, scheduled];
}

interface DisruptionBudget {
  readonly selector?: LabelSelector;
}

/** `pods/eviction`: a deletion that pod disruption budgets may refuse. */
export function evictionEndpoint(parts: ApiParts): SpecialSubresource {
  const { context, deleter, writer } = parts;
  return async (call) => {
    const eviction = await requiredObject(call.request);
    const at = nameIn(call);
    const { object: pod } = writer.read(call.definition, at);
    checkBudgets(context, pod, at.namespace);
    const given = (eviction['deleteOptions'] ?? {}) as DeleteOptions;
    const { options, dryRun } = readDeleteOptions({ metadata: {}, ...given }, call.info.query);
    deleter.delete(call.definition, at, options, { user: call.user, dryRun });
    sendJson(call.request, call.response, 201, SUCCESS);
  };
}

function checkBudgets(context: ApiServerContext, pod: KubeObject, namespace: string): void {
  const definition = context.registry.anyVersion('policy', 'poddisruptionbudgets');
  if (!definition) return;
  const { items } = listObjects(context, definition, { namespace, filter: { labels: [], fields: [] } });
  const covering = items.filter(({ object }) => {
    const selector = requirementsOf((object['spec'] as DisruptionBudget | undefined)?.selector);
    return selector !== undefined && matchesLabels(selector, pod.metadata.labels);
  });
  const spent = covering.find(
    ({ object }) =>
      ((object['status'] as { disruptionsAllowed?: number } | undefined)?.disruptionsAllowed ?? 0) <= 0,
  );
  if (!spent) return;
  throw new StatusError(
    'TooManyRequests',
    "Cannot evict pod as it would violate the pod's disruption budget.",
    {
      details: {
        causes: [
          {
            reason: 'DisruptionBudget',
            message: `The disruption budget ${spent.object.metadata.name} does not allow evictions at this time.`,
          },
        ],
        retryAfterSeconds: 10,
      },
    },
  );
}
