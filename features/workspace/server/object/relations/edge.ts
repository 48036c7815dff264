import type { KubeObject } from '@krateyard/kube/meta/object';
import type { Relation } from '../../../contract/relations.ts';

/** A name that stands in an object. */
export interface Reference {
  readonly name: string;
  /** Absent: the namespace of the object in which it stands, where the kind is in namespaces. */
  readonly namespace?: string | undefined;
  /** What of it, or under which name: a volume, a port. */
  readonly as?: string | undefined;
}

/** The kinds at both ends, as `group/version/plural` (`v1/pods`). */
interface EdgeEnds {
  readonly relation: Relation;
  readonly from: string;
  readonly to: string;
  /** Also from other namespaces than that of `to`. */
  readonly across?: boolean;
}

/** `from` names what it refers to. */
export interface NamingEdge extends EdgeEnds {
  readonly names: (from: KubeObject) => readonly Reference[];
}

/** `from` chooses by labels among the objects of its namespace; undefined: it chooses nothing. */
export interface ChoosingEdge extends EdgeEnds {
  readonly chooses: (from: KubeObject) => ((to: KubeObject) => boolean) | undefined;
}

/** One way in which objects of two kinds bear on each other; declared once, walked both ways. */
export type Edge = NamingEdge | ChoosingEdge;
