import { useMemo } from 'react';
import { useLiveSource } from '@krateyard/ui/live/live-context';
import type { LiveObject } from '@krateyard/ui/live/live-frames';
import { truthOf, type Truth } from '@krateyard/ui/live/truth';
import { useCollection } from '@krateyard/ui/live/use-collection';
import { useStore } from '@krateyard/ui/live/use-store';

/** Follows one object by its name while mounted; undefined while it is not there, or may not be seen. */
export function useNamed(
  kind: string,
  namespace: string,
  name: string,
): { readonly object: LiveObject | undefined; readonly truth: Truth } {
  const socket = useStore(useLiveSource().state);
  // No object is called '', so that nothing is asked for which nobody knows the name of.
  const query = useMemo(
    () => ({ kind, namespaces: [namespace], fieldSelector: `metadata.name=${name}` }),
    [kind, namespace, name],
  );
  const { view } = useCollection(query);
  return {
    object: view.rows.find(({ key }) => key === `${namespace}/${name}`)?.object,
    truth: truthOf(socket, view),
  };
}
