import type { Principal } from './principal.ts';

/** Somebody of the embedded sandbox, offered on the sign-in page. */
export interface Person {
  readonly name: string;
  /** One line on what they may do. */
  readonly about: string;
  readonly groups: readonly string[];
}

export function principalOfPerson(person: Person): Principal {
  return {
    id: `kubernetes:${person.name}`,
    username: person.name,
    groups: [...new Set([...person.groups, 'system:authenticated'])],
    via: 'impersonate',
  };
}
