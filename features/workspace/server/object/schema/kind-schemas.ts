import type { Principal } from '@krateyard/auth/principal';
import type { Client } from '@krateyard/kube/client/client';
import type { ResourceKind } from '@krateyard/kube/discovery/resource-kinds';
import { StatusError } from '@krateyard/status/status-error';
import { fieldsAt, textAt } from '../../../contract/columns/read.ts';
import type { KindSchema } from '../../../contract/kind-schema.ts';
import { trimSchema } from './trim-schema.ts';

/** Trimmed schemas that are kept, the least lately used goes first: a large one (Pod) is some 300 KB. */
const KEPT = 32;

/**
 * Schemas of kinds, from the API server's OpenAPI v3. Its index is asked as the person every time, so whoever may not read it
 * gets none; the documents are large and kept, trimmed, by the hash that the index tells, so a changed CRD shows at once.
 */
export class KindSchemas {
  readonly #actingAs: (who: Principal) => Client;
  readonly #kept = new Map<string, Promise<KindSchema | undefined>>();

  constructor(actingAs: (who: Principal) => Client) {
    this.#actingAs = actingAs;
  }

  /** Rejects with StatusError; NotFound where the API server has no schema of the kind. */
  async of(who: Principal, kind: ResourceKind, signal: AbortSignal): Promise<KindSchema> {
    const client = this.#actingAs(who);
    const index = parsed(await client.request({ path: '/openapi/v3', signal }));
    const document = kind.group === '' ? `api/${kind.version}` : `apis/${kind.group}/${kind.version}`;
    const path = textAt(fieldsAt(index, 'paths')[document], 'serverRelativeURL');
    const schema = path !== null && (await this.#document(client, path, kind));
    if (schema) return schema;
    throw new StatusError('NotFound', `the API server tells no schema of ${kind.resource}`, {
      details: { kind: kind.resource, group: kind.group },
    });
  }

  /** Several who ask at once wait for one document; a failure is not kept. Without a signal: it is for all who wait. */
  #document(client: Client, path: string, gvk: ResourceKind): Promise<KindSchema | undefined> {
    const key = `${path} ${gvk.kind}`;
    const known = this.#kept.get(key);
    this.#kept.delete(key);
    const asked =
      known ??
      client
        .request({ path, signal: AbortSignal.timeout(15_000) })
        .then((document) => trimSchema(parsed(document), gvk));
    this.#kept.set(key, asked);
    asked.catch(() => this.#kept.delete(key));
    const oldest = this.#kept.keys().next();
    if (this.#kept.size > KEPT && !oldest.done) this.#kept.delete(oldest.value);
    return asked;
  }
}

/** A real API server answers with JSON and calls it plain text. */
function parsed(answer: unknown): unknown {
  if (typeof answer !== 'string') return answer;
  try {
    return JSON.parse(answer) as unknown;
  } catch {
    return undefined;
  }
}
