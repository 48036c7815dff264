import type { LogSource } from './log-entry.ts';

export interface SourceLook {
  /** What tells it from the others that are here; empty where it is the only one. */
  readonly label: string;
  /** One of eight. */
  readonly color: number;
}

const COLORS = 8;

/** Short names: of pods what they do not have in common, containers only where they differ. In the order of the sources. */
export function sourceLooks(sources: readonly LogSource[]): ReadonlyMap<LogSource, SourceLook> {
  const pods = [...new Set(sources.map(({ pod }) => pod))];
  const containers = new Set(sources.map(({ container }) => container));
  const cut = pods.length > 1 ? commonLength(pods) : 0;
  return new Map(
    sources.map((source, index) => {
      const pod = pods.length > 1 ? source.pod.slice(cut) : '';
      const container = containers.size > 1 ? source.container : '';
      return [source, { label: [pod, container].filter(Boolean).join('/'), color: index % COLORS }];
    }),
  );
}

/** Of the beginning that all names share, up to a dash. */
function commonLength(names: readonly string[]): number {
  let common = names[0] ?? '';
  for (const name of names) {
    while (!name.startsWith(common)) common = common.slice(0, -1);
  }
  return common.lastIndexOf('-') + 1;
}
