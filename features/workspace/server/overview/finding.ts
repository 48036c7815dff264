import type { KubeObject } from '@krateyard/kube/meta/object';
import type { Cause, Severity } from '../../contract/overview.ts';

/** Something that is wrong with one object. */
export interface Finding {
  readonly cause: Cause;
  readonly severity: Severity;
  /** Milliseconds since the epoch; undefined where nothing tells. */
  readonly since: number | undefined;
  /** The API's own word. */
  readonly reason: string;
  readonly message: string;
  readonly restarts?: number;
}

/** CPU in thousandths of a core, memory in bytes; whole numbers, so that sums come out the same in any order. */
export interface Share {
  readonly cpu: number;
  readonly memory: number;
}

/** What one pod holds of where it runs. */
export interface PodFacts {
  readonly phase: string;
  /** Undefined while it is not scheduled. */
  readonly node: string | undefined;
  /** Undefined once it has succeeded or failed: it holds nothing then. */
  readonly requests: Share | undefined;
  readonly limits: Share | undefined;
}

export interface NodeFacts {
  readonly allocatable: Share & { readonly pods: number };
  readonly ready: boolean;
  readonly cordoned: boolean;
}

/** All that the overview reads of one object. */
export interface Derived {
  readonly findings: readonly Finding[];
  readonly pod?: PodFacts;
  readonly node?: NodeFacts;
  /** When it has to be read again though nothing changes: something is fine only until then, or wrong only until then. */
  readonly revisitAt?: number;
}

/** What derivations know beside the object. */
export interface Surroundings {
  /** Milliseconds since the epoch. */
  readonly now: number;
  /** The storage class, where classes are known; null where there is none of this name. */
  readonly storageClass: (name: string) => KubeObject | null | undefined;
}

export type Derive = (object: KubeObject, around: Surroundings) => Derived;

export const WELL: Derived = Object.freeze({ findings: Object.freeze([]) });

/** The text on one line, at most `MOST_CHARACTERS`: what the cluster says may be of any length. */
export function short(text: string): string {
  const line = text.replaceAll(/\s+/g, ' ').trim();
  return line.length <= MOST_CHARACTERS ? line : `${line.slice(0, MOST_CHARACTERS - 1)}…`;
}

const MOST_CHARACTERS = 400;
