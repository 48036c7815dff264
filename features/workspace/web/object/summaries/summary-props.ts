import type { LiveObject } from '@krateyard/ui/live/live-frames';
import type { LiveHead } from '@krateyard/ui/live/live-source';

/** What the summary of a kind is given. */
export interface SummaryProps {
  readonly object: LiveObject;
  readonly kind: LiveHead['kind'];
  /** In the side panel: narrow. */
  readonly dense: boolean;
  /** The container that stands open, and how another is opened; it stands in the address of a page. */
  readonly container: string | undefined;
  readonly onContainer: (name: string | undefined) => void;
}
