import { useEffect, type ReactElement } from 'react';
import { vmStrings as strings } from './vm-strings.ts';

/** The machines of the namespaces chosen. */
export function VmsPage(): ReactElement {
  useEffect(() => {
    document.title = `${strings.room} · Krateyard`;
  }, []);
  return <section aria-label={strings.room} />;
}
