import { PEOPLE, type People, type Person } from './people.ts';

/** A kubeconfig as an object, with everything inline: it is all that a client needs. */
export interface Kubeconfig {
  readonly apiVersion: 'v1';
  readonly kind: 'Config';
  readonly 'current-context': string;
  readonly clusters: readonly {
    name: string;
    cluster: { server: string; 'certificate-authority-data': string };
  }[];
  readonly users: readonly { name: string; user: { token: string } }[];
  readonly contexts: readonly {
    name: string;
    context: { cluster: string; user: string; namespace?: string };
  }[];
}

const CLUSTER = 'sandbox';

/** Where those live who may not read everywhere. */
const HOMES: Readonly<Partial<Record<Person, string>>> = { alice: 'team-a', bob: 'team-b' };

/** One context a person that has a token, named after the person. */
export function buildKubeconfig(of: {
  url: string;
  caPem: string;
  people: People;
  current: Person;
}): Kubeconfig {
  const users = PEOPLE.map((name) => ({ name, token: of.people.tokenOf(name) })).filter(
    (user): user is { name: Person; token: string } => user.token !== undefined,
  );
  return {
    apiVersion: 'v1',
    kind: 'Config',
    'current-context': of.current,
    clusters: [
      {
        name: CLUSTER,
        cluster: { server: of.url, 'certificate-authority-data': Buffer.from(of.caPem).toString('base64') },
      },
    ],
    users: users.map(({ name, token }) => ({ name, user: { token } })),
    contexts: users.map(({ name }) => {
      const namespace = HOMES[name];
      return { name, context: { cluster: CLUSTER, user: name, ...(namespace && { namespace }) } };
    }),
  };
}
