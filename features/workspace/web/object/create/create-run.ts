import { requestJson, statusOf } from '@krateyard/ui/live/api-client';
import type { LiveObject, LiveStatus } from '@krateyard/ui/live/live-frames';
import type { KindSummary, Written } from '../../../contract/resource-api.ts';
import { servedKind } from '../../served-kind.ts';
import { yamlStrings as strings } from '../yaml/yaml-strings.ts';
import type { Document } from './documents.ts';

/** What became, or would become, of one document. */
export type Step = {
  readonly document: Document;
  /** `apps/v1/deployments`; undefined where the cluster serves no such kind. */
  readonly kind: KindSummary | undefined;
  readonly namespace: string | undefined;
  readonly warnings: readonly string[];
} & (
  | { readonly state: 'will-create' | 'will-apply' | 'created' | 'applied'; readonly result: LiveObject }
  /** It cannot be tried before: its namespace is made by a document above it. */
  | { readonly state: 'will-follow' }
  /** An object of this name is there: it can be applied over. */
  | { readonly state: 'exists'; readonly status: LiveStatus }
  /** Others own fields of it: they can be taken over. */
  | { readonly state: 'owned'; readonly status: LiveStatus }
  | { readonly state: 'failed'; readonly status: LiveStatus }
);

/** How each document goes: made anew unless the person has said to apply it, forcing or not. By document index. */
export type Ways = ReadonlyMap<number, 'apply' | 'force'>;

export interface CreateApi {
  create(kind: string, namespace: string | undefined, object: LiveObject, dryRun: boolean): Promise<Written>;
  apply(
    kind: string,
    namespace: string | undefined,
    object: LiveObject,
    options: { readonly dryRun: boolean; readonly force: boolean },
  ): Promise<Written>;
}

export const createApi: CreateApi = {
  create: (kind, namespace, object, dryRun) =>
    requestJson<Written>(`/api/resources/${kind}?${queryOf(namespace, dryRun, false)}`, {
      method: 'POST',
      body: object,
    }),
  apply: (kind, namespace, object, { dryRun, force }) =>
    requestJson<Written>(
      `/api/resource/${kind}/${encodeURIComponent(object.metadata.name ?? '')}?${queryOf(namespace, dryRun, force)}`,
      { method: 'PUT', body: object },
    ),
};

function queryOf(namespace: string | undefined, dryRun: boolean, force: boolean): URLSearchParams {
  return new URLSearchParams({
    ...(namespace !== undefined && { ns: namespace }),
    ...(dryRun && { dryRun: 'true' }),
    ...(force && { force: 'true' }),
  });
}

/**
 * Sends the documents one after the other, so that a namespace is there before what is in it. In a dry run all are tried;
 * else it ends at the first that fails, as what follows may need it. Never rejects.
 */
export async function runDocuments(
  api: CreateApi,
  documents: readonly Document[],
  options: {
    readonly kinds: readonly KindSummary[];
    readonly namespace: string | undefined;
    readonly ways: Ways;
    readonly dryRun: boolean;
  },
): Promise<readonly Step[]> {
  const steps: Step[] = [];
  for (const [index, document] of documents.entries()) {
    const step = await send(api, document, options.ways.get(index), options);
    steps.push(options.dryRun && waitsFor(step, steps) ? { ...atOf(step), state: 'will-follow' } : step);
    if (!options.dryRun && (step.state === 'failed' || step.state === 'exists' || step.state === 'owned'))
      break;
  }
  return steps;
}

const atOf = ({ document, kind, namespace, warnings }: Step) => ({ document, kind, namespace, warnings });

/** The API server does not find the namespace, and one of the steps before would make it. */
const waitsFor = (step: Step, before: readonly Step[]): boolean =>
  step.state === 'failed' &&
  step.status.code === 404 &&
  before.some(
    ({ state, kind, document }) =>
      state === 'will-create' && kind?.path === 'namespaces' && document.name === step.namespace,
  );

async function send(
  api: CreateApi,
  document: Document,
  way: 'apply' | 'force' | undefined,
  options: {
    readonly kinds: readonly KindSummary[];
    readonly namespace: string | undefined;
    readonly dryRun: boolean;
  },
): Promise<Step> {
  const { apiVersion, object, problem } = document;
  const kind = servedKind(options.kinds, document);
  const namespace = kind?.namespaced === false ? undefined : (document.namespace ?? options.namespace);
  const at = { document, kind, namespace, warnings: [] };
  const refuse = (message: string): Step => ({
    ...at,
    state: 'failed',
    status: { message, reason: 'Invalid', code: 422 },
  });
  if (!object || problem) return refuse(problem?.text ?? strings.noObject);
  if (!kind) return refuse(strings.unknownKind(apiVersion, document.kind));
  if (kind.namespaced && namespace === undefined) return refuse(strings.needsNamespace);
  const { dryRun } = options;
  try {
    const written =
      way === undefined
        ? await api.create(kind.path, namespace, object, dryRun)
        : await api.apply(kind.path, namespace, object, { dryRun, force: way === 'force' });
    const done = way === undefined ? (dryRun ? 'will-create' : 'created') : dryRun ? 'will-apply' : 'applied';
    return { ...at, state: done, result: written.object as LiveObject, warnings: written.warnings };
  } catch (error) {
    const status = statusOf(error);
    if (status.reason === 'AlreadyExists') return { ...at, state: 'exists', status };
    return { ...at, state: way === 'apply' && status.code === 409 ? 'owned' : 'failed', status };
  }
}
