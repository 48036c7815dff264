import type { LiveObject } from '@krateyard/ui/live/live-frames';
import type { NeededRight } from '@krateyard/ui/rights/access-check';
import type { IconName } from '@krateyard/ui/parts/icon.tsx';

/** The kind of what is acted on, as the table's head and the kinds list tell it. */
export interface ActionKind {
  /** `pods`, `apps/v1/deployments`. */
  readonly path: string;
  readonly group: string;
  readonly version: string;
  readonly resource: string;
  readonly kind: string;
  readonly namespaced: boolean;
}

export interface ActionTarget {
  readonly kind: ActionKind;
  /** `namespace/name`, or `name`. */
  readonly key: string;
  readonly object: LiveObject;
  /** The key of the row that stands for it and others. */
  readonly row?: string;
}

/** Something that can be done to objects: in the menu of a row, on the object's page, in bulk, in the spotlight, by key. */
export interface ObjectAction {
  readonly id: string;
  /** A verb: "Restart". */
  readonly label: string;
  readonly icon: IconName;
  /** Works in tables and on the object's page. */
  readonly keys?: string;
  /** Parts the menu: what opens something, what changes the object, what destroys. */
  readonly group: 'open' | 'change' | 'destroy';
  /** Whether it makes sense at all; where it does not, it is not shown. Pure and fast. */
  readonly fits: (target: ActionTarget) => boolean;
  /** Why it cannot be done now, though it fits: "The container is not running". */
  readonly blocked?: (target: ActionTarget) => string | undefined;
  readonly right: (target: ActionTarget) => NeededRight;
  /** Takes several objects of one kind at once. */
  readonly many: boolean;
  /** Opens a dialog, a tray tab, or asks the gateway; failures are told by a toast. */
  readonly run: (targets: readonly ActionTarget[]) => void | Promise<void>;
}
