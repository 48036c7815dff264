import { after } from 'node:test';
import { Api } from '../harness/api.ts';
import type { Wire } from '../harness/wire.ts';
import { suiteTarget } from '../harness/cases.ts';
import { GatewayProcess } from '../harness/gateway-process.ts';
import type { Target } from '../harness/target.ts';
import { WatchClient } from './watch-client.ts';

export interface RoomFixture {
  readonly target: Target;
  readonly gateway: GatewayProcess;
  /** A new ServiceAccount without rights of its own. */
  readonly person: (name: string) => Promise<Person>;
}

/** A cluster, a gateway process in front of it, and people. Closes with the suite. */
export async function roomFixture(args: readonly string[] = []): Promise<RoomFixture> {
  const target = await suiteTarget();
  const gateway = await GatewayProcess.start({ kubeconfig: target.kubeconfig, args });
  after(() => gateway.close());
  const home = await target.bareNamespace('people');
  return {
    target,
    gateway,
    person: async (name) => {
      const unique = target.unique(name);
      await target.make(`/api/v1/namespaces/${home}/serviceaccounts`, {
        apiVersion: 'v1',
        kind: 'ServiceAccount',
        metadata: { name: unique },
      });
      return Person.meet(target, gateway, home, unique);
    },
  };
}

const RBAC = '/apis/rbac.authorization.k8s.io/v1';

export class Person {
  readonly username: string;
  /** The gateway, as this person. */
  readonly api: Api;
  readonly token: string;
  readonly #target: Target;
  readonly #gateway: GatewayProcess;
  readonly #account: { readonly namespace: string; readonly name: string };

  private constructor(
    target: Target,
    gateway: GatewayProcess,
    namespace: string,
    name: string,
    token: string,
  ) {
    this.username = `system:serviceaccount:${namespace}:${name}`;
    this.token = token;
    this.api = new Api({ server: gateway.origin, token });
    this.#target = target;
    this.#gateway = gateway;
    this.#account = { namespace, name };
    target.undo(() => this.api.close());
  }

  static async meet(
    target: Target,
    gateway: GatewayProcess,
    namespace: string,
    name: string,
  ): Promise<Person> {
    return new Person(target, gateway, namespace, name, await newToken(target, namespace, name));
  }

  /** Another token of the same person. */
  anotherToken(): Promise<string> {
    return newToken(this.#target, this.#account.namespace, this.#account.name);
  }

  /** Ends the person, and with it every token. */
  async vanish(): Promise<void> {
    const { namespace, name } = this.#account;
    await this.#target.admin.delete(`/api/v1/namespaces/${namespace}/serviceaccounts/${name}`);
  }

  /** Binds a ClusterRole, in one namespace or everywhere. Resolves to what takes it back. */
  async grant(role: string, namespace?: string): Promise<() => Promise<void>> {
    const collection =
      namespace === undefined
        ? `${RBAC}/clusterrolebindings`
        : `${RBAC}/namespaces/${namespace}/rolebindings`;
    const name = this.#target.unique('grant');
    await this.#target.make(collection, {
      apiVersion: 'rbac.authorization.k8s.io/v1',
      kind: namespace === undefined ? 'ClusterRoleBinding' : 'RoleBinding',
      metadata: { name },
      roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: role },
      subjects: [{ kind: 'ServiceAccount', ...this.#account }],
    });
    return async () => {
      await this.#target.admin.delete(`${collection}/${name}`);
    };
  }

  /** A ClusterRole of its own with these rules. */
  async role(rules: readonly Wire[]): Promise<string> {
    const name = this.#target.unique('role');
    await this.#target.make(`${RBAC}/clusterroles`, {
      apiVersion: 'rbac.authorization.k8s.io/v1',
      kind: 'ClusterRole',
      metadata: { name },
      rules,
    });
    return name;
  }

  async watch(): Promise<WatchClient> {
    const client = await WatchClient.open(this.#gateway.origin, this.token);
    this.#target.undo(() => client.close());
    return client;
  }
}

async function newToken(target: Target, namespace: string, name: string): Promise<string> {
  const reply = await target.admin.post(`/api/v1/namespaces/${namespace}/serviceaccounts/${name}/token`, {
    apiVersion: 'authentication.k8s.io/v1',
    kind: 'TokenRequest',
    spec: { expirationSeconds: 3600 },
  });
  if (reply.status !== 201) throw new Error(`no token: ${reply.status} ${reply.text}`);
  return (reply.body as { status: { token: string } }).status.token;
}

export function configMap(
  name: string,
  data: Record<string, string> = {},
  labels: Record<string, string> = {},
): Wire {
  return { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name, labels }, data };
}
