import type { Right } from './rights-book.ts';

/** Why what needs these rights cannot be done; undefined when it can, or when the API server has to say. */
export function refusalOf(...rights: readonly (Right | undefined)[]): string | undefined {
  for (const right of rights) if (right?.state === 'refused') return right.reason;
  return undefined;
}
