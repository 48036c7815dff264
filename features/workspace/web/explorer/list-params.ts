import type { LiveQuery } from '@krateyard/ui/live/live-source';
import { formatCellFilter } from '../../contract/cell-filter.ts';

/** The query of `GET /api/resources/{kind}` that gives what a live query shows. */
export function listParams(query: LiveQuery, sort: string | undefined): URLSearchParams {
  const params = new URLSearchParams();
  const put = (name: string, value: string | undefined): void => {
    if (value) params.set(name, value);
  };
  put('namespace', query.namespaces.join(','));
  put('labelSelector', query.labelSelector);
  put('fieldSelector', query.fieldSelector);
  put('search', query.search);
  put('where', query.where && formatCellFilter(query.where));
  put('sort', sort);
  put('merge', query.merge && 'true');
  return params;
}

/** Where the browser finds the file of a view: of a table its rows as they show, of YAML every object as it is. */
export function exportHref(
  query: LiveQuery,
  sort: string | undefined,
  format: 'yaml' | 'csv',
  columns: readonly string[],
): string {
  const params = listParams(query, sort);
  params.set('format', format);
  if (format === 'yaml') params.delete('merge');
  if (format === 'csv' && columns.length > 0) params.set('columns', columns.join(','));
  return `/api/resources/${query.kind}?${params}`;
}
