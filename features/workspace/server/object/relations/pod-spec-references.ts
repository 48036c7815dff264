import type { Fields } from '../../../contract/columns/read.ts';
import { at, listAt, textAt } from '../../../contract/columns/read.ts';
import type { Reference } from './edge.ts';

export interface PodSpecReferences {
  readonly configMaps: readonly Reference[];
  readonly configMapMounts: readonly Reference[];
  readonly secrets: readonly Reference[];
  readonly secretMounts: readonly Reference[];
  readonly claims: readonly Reference[];
  readonly serviceAccount: readonly Reference[];
  readonly node: readonly Reference[];
}

/** Every object that a pod's spec names. Shapes that are none are passed over. */
export function podSpecReferences(spec: unknown): PodSpecReferences {
  const volumes = listAt(spec, 'volumes').flatMap(volumeSources);
  const containers = ['containers', 'initContainers', 'ephemeralContainers'].flatMap((list) =>
    listAt(spec, list),
  );
  const environment = containers.flatMap(environmentSources);
  const pull = listAt(spec, 'imagePullSecrets').map((entry) =>
    source('secret', entry, 'name', 'image pulls'),
  );
  const sources = [...environment, ...pull];
  const of = (found: readonly (Source | undefined)[], kind: Source['kind']): readonly Reference[] =>
    found.flatMap((one) => (one?.kind === kind ? [one.reference] : []));
  return {
    configMaps: of(sources, 'configMap'),
    configMapMounts: of(volumes, 'configMap'),
    secrets: of(sources, 'secret'),
    secretMounts: of(volumes, 'secret'),
    claims: of(volumes, 'claim'),
    serviceAccount: named(textAt(spec, 'serviceAccountName') ?? textAt(spec, 'serviceAccount')),
    node: named(textAt(spec, 'nodeName')),
  };
}

/** One name, or none. */
export function named(name: string | null, as?: string): readonly Reference[] {
  return name === null || name === '' ? [] : [{ name, ...(as !== undefined && { as }) }];
}

interface Source {
  readonly kind: 'configMap' | 'secret' | 'claim';
  readonly reference: Reference;
}

function source(
  kind: Source['kind'],
  value: unknown,
  field: string,
  as: string | undefined,
): Source | undefined {
  const [reference] = named(textAt(value, field), as);
  return reference && { kind, reference };
}

function volumeSources(volume: unknown): readonly (Source | undefined)[] {
  const as = `volume ${textAt(volume, 'name') ?? ''}`.trim();
  const direct = (from: unknown): readonly (Source | undefined)[] => [
    source('configMap', at(from, 'configMap'), 'name', as),
    source('secret', at(from, 'secret'), 'name', as),
  ];
  return [
    source('configMap', at(volume, 'configMap'), 'name', as),
    source('secret', at(volume, 'secret'), 'secretName', as),
    source('claim', at(volume, 'persistentVolumeClaim'), 'claimName', as),
    ...listAt(volume, 'projected', 'sources').flatMap(direct),
  ];
}

function environmentSources(container: unknown): readonly (Source | undefined)[] {
  const as = `environment of ${textAt(container, 'name') ?? ''}`.trim();
  const single = (from: Fields): readonly (Source | undefined)[] => [
    source('configMap', at(from, 'configMapKeyRef'), 'name', as),
    source('secret', at(from, 'secretKeyRef'), 'name', as),
  ];
  const whole = (from: unknown): readonly (Source | undefined)[] => [
    source('configMap', at(from, 'configMapRef'), 'name', as),
    source('secret', at(from, 'secretRef'), 'name', as),
  ];
  return [
    ...listAt(container, 'envFrom').flatMap(whole),
    ...listAt(container, 'env').flatMap((entry) => single((at(entry, 'valueFrom') ?? {}) as Fields)),
  ];
}
