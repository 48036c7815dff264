import type { ReactElement } from 'react';

/** One object, live, on a page of its own. */
export function ObjectPage(): ReactElement {
  return <section />;
}
