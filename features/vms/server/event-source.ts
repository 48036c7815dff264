import type { Freshness } from '@krateyard/kube/cache/cache';

/** One of the things that `/api/ws` tells of, as one person sees it. Keys are `namespace/name`, of tasks the id. */
export interface EventSource extends Disposable {
  readonly resource: 'vm' | 'snapshot' | 'restore' | 'task';
  /** What there is and may be seen now. */
  keys(): Iterable<string>;
  /** As JSON, made once for all who ask; undefined for what is not there or may not be seen. */
  json(key: string): string | undefined;
  /** How current it is, where the source knows. */
  freshness?(): Freshness;
}

/** What of an object is told when it is gone. */
export function farewell(key: string): string {
  const slash = key.indexOf('/');
  const [namespace, name] = slash === -1 ? ['', key] : [key.slice(0, slash), key.slice(slash + 1)];
  return JSON.stringify({ id: key, name, namespace });
}
