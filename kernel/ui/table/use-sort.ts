import { useCallback } from 'react';
import { nextSort } from './table-column.ts';

/** What rows are sorted by, `asked` by their address or else as usual, and what pressing a head does to that. */
export function useSort(
  asked: string | undefined,
  usual: string,
  go: (change: { sort: string | undefined }, options: { replace: boolean }) => void,
): { readonly sort: string; readonly onSort: (name: string) => void } {
  const onSort = useCallback(
    (name: string) => go({ sort: nextSort(asked, usual, name) }, { replace: true }),
    [go, asked, usual],
  );
  return { sort: asked ?? usual, onSort };
}
