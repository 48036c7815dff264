import type { GroupVersionKind, GroupVersionResource } from '@krateyard/kube/meta/group-version';
import type { ResourceDefinition } from './resource-definition.ts';

const gvrKey = (gvr: GroupVersionResource): string => `${gvr.group}/${gvr.version}/${gvr.resource}`;
const gvkKey = (gvk: GroupVersionKind): string => `${gvk.group}/${gvk.version}/${gvk.kind}`;

/** Which resources are served at this moment: the built-in ones and those of CustomResourceDefinitions. */
export class ResourceRegistry {
  #definitions: readonly ResourceDefinition[] = [];
  #byResource = new Map<string, ResourceDefinition>();
  #byKind = new Map<string, ResourceDefinition>();
  readonly #builtin: readonly ResourceDefinition[];
  readonly #custom = new Map<string, readonly ResourceDefinition[]>();
  #generation = 0;

  constructor(builtin: readonly ResourceDefinition[]) {
    this.#builtin = builtin;
    this.#rebuild();
  }

  /** Counts changes, for caches of discovery documents. */
  get generation(): number {
    return this.#generation;
  }

  get all(): readonly ResourceDefinition[] {
    return this.#definitions;
  }

  byResource(gvr: GroupVersionResource): ResourceDefinition | undefined {
    return this.#byResource.get(gvrKey(gvr));
  }

  byKind(gvk: GroupVersionKind): ResourceDefinition | undefined {
    return this.#byKind.get(gvkKey(gvk));
  }

  /** Any served version of a resource. */
  anyVersion(group: string, resource: string): ResourceDefinition | undefined {
    return this.#definitions.find((known) => known.group === group && known.resource === resource);
  }

  /** The versions of a group, best first; undefined for groups that are not served. */
  versionsOf(group: string): string[] | undefined {
    const versions = new Set(
      this.#definitions.filter((known) => known.group === group).map(({ version }) => version),
    );
    return versions.size === 0 ? undefined : [...versions].sort(compareVersions);
  }

  /** Groups other than the core one, in the order of discovery. */
  groups(): string[] {
    return [...new Set(this.#definitions.map(({ group }) => group))].filter((group) => group !== '');
  }

  in(group: string, version: string): readonly ResourceDefinition[] {
    return this.#definitions.filter((known) => known.group === group && known.version === version);
  }

  /** Replaces what one CustomResourceDefinition serves; nothing at all when `definitions` is empty. */
  setCustom(crdName: string, definitions: readonly ResourceDefinition[]): void {
    if (definitions.length === 0) this.#custom.delete(crdName);
    else this.#custom.set(crdName, definitions);
    this.#rebuild();
  }

  #rebuild(): void {
    const custom = [...this.#custom.keys()].sort().flatMap((name) => this.#custom.get(name)!);
    this.#definitions = [...this.#builtin, ...custom];
    this.#byResource = new Map(this.#definitions.map((known) => [gvrKey(known), known]));
    this.#byKind = new Map(this.#definitions.map((known) => [gvkKey(known), known]));
    this.#generation += 1;
  }
}

const KUBE_VERSION = /^v(\d+)(?:(alpha|beta)(\d+))?$/;

/** v2 before v1 before v1beta1 before v1alpha1 before names of another form: Kubernetes' version priority. */
function compareVersions(a: string, b: string): number {
  const [x, y] = [KUBE_VERSION.exec(a), KUBE_VERSION.exec(b)];
  if (!x || !y) return x ? -1 : y ? 1 : a < b ? -1 : 1;
  const stability = rank(x) - rank(y);
  if (stability !== 0) return stability;
  return Number(y[1]) - Number(x[1]) || Number(y[3] ?? 0) - Number(x[3] ?? 0);
}

const rank = (match: RegExpExecArray): number => (match[2] === undefined ? 0 : match[2] === 'beta' ? 1 : 2);
