import { randomBytes } from 'node:crypto';
import { Api } from './api.ts';
import type { Wire } from './wire.ts';
import { openClusterTarget } from './cluster-target.ts';
import { pollUntil } from './poll-until.ts';
import { openSandboxTarget } from './sandbox-target.ts';
import type { TargetOptions, TargetSource } from './target-source.ts';

/** The controllers of a real cluster wait up to a minute between tries to reach an API server that was restarted. */
const SERVICE_ACCOUNT_MS = 100_000;

/**
 * The cluster under test: a sandbox started in this process, or with KRATEYARD_TARGET=cluster the one of $KUBECONFIG. Tests do
 * not know which. All that is made through it is deleted by `close`.
 */
export class Target {
  readonly kind: 'sandbox' | 'cluster';
  readonly kubeconfig: string;
  readonly admin: Api;
  readonly #source: TargetSource;
  readonly #undo: (() => Promise<unknown>)[] = [];

  constructor(source: TargetSource, admin: Api) {
    this.#source = source;
    this.kind = source.kind;
    this.kubeconfig = source.kubeconfig;
    this.admin = admin;
  }

  /** Makes a namespace of its own, with its default ServiceAccount in place, so that pods can be created at once. */
  async namespace(prefix: string): Promise<string> {
    const name = await this.bareNamespace(prefix);
    const account = `/api/v1/namespaces/${name}/serviceaccounts/default`;
    await pollUntil(
      'the default service account',
      async () => (await this.admin.get(account)).status === 200,
      { deadlineMs: SERVICE_ACCOUNT_MS },
    );
    return name;
  }

  /** A namespace that waits for no controller: for objects that need no ServiceAccount, also while controllers are behind. */
  async bareNamespace(prefix: string): Promise<string> {
    const name = this.unique(prefix);
    await this.make('/api/v1/namespaces', { apiVersion: 'v1', kind: 'Namespace', metadata: { name } });
    return name;
  }

  /** Creates as the administrator, throws unless 201, and deletes the object at the end. */
  async make(path: string, object: Wire): Promise<Wire> {
    const reply = await this.admin.post(path, object);
    if (reply.status !== 201) throw new Error(`could not create: ${reply.status} ${reply.text}`);
    this.undo(() => this.admin.delete(`${path}/${reply.body.metadata.name}`));
    return reply.body;
  }

  /** Called at the end, last one first. */
  undo(step: () => Promise<unknown>): void {
    this.#undo.push(step);
  }

  /** A name that no other test and no earlier run has. */
  unique(prefix: string): string {
    return `${prefix}-${randomBytes(4).toString('hex')}`;
  }

  restartApiServer(downSeconds?: number): Promise<void> {
    return this.#source.restartApiServer(downSeconds);
  }

  /** Why `restartKubelet` cannot be asked for here; undefined when it can. */
  get noKubelet(): string | undefined {
    return this.#source.restartKubelet ? undefined : 'there is no kubelet here to kill';
  }

  async restartKubelet(): Promise<void> {
    if (!this.#source.restartKubelet) throw new Error(this.noKubelet);
    await this.#source.restartKubelet();
  }

  async close(): Promise<void> {
    for (const step of this.#undo.reverse()) await step().catch(() => undefined);
    await this.admin.close();
    await this.#source.close();
  }
}

export async function openTarget(options: TargetOptions = {}): Promise<Target> {
  const { source, login } =
    process.env['KRATEYARD_TARGET'] === 'cluster' ? openClusterTarget() : await openSandboxTarget(options);
  return new Target(source, new Api(login));
}
