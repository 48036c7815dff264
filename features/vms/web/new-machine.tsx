import type { ReactNode } from 'react';

/** The way to the form of new machines. */
export function NewMachine(_props: { readonly namespaces: readonly string[] }): ReactNode {
  return null;
}
