import type { ReactElement } from 'react';

/** Strokes on a 16 px grid; drawn for this console. */
const PATHS = {
  boxes: 'M2.5 5 8 2.5 13.5 5v6L8 13.5 2.5 11zM2.5 5 8 7.5 13.5 5M8 7.5v6',
  pulse: 'M1.5 8.5h3L6.5 3.5l3 9.5 2-5h3',
  search: 'M7 2.5a4.5 4.5 0 1 1 0 9 4.5 4.5 0 0 1 0-9zM10.3 10.3 13.5 13.5',
  chevron: 'M4.5 6.5 8 10l3.5-3.5',
  close: 'M4 4l8 8M12 4l-8 8',
  check: 'M3 8.5 6.5 12 13 4.5',
  person: 'M8 2.5a2.7 2.7 0 1 1 0 5.4 2.7 2.7 0 0 1 0-5.4zM2.8 13.5c.6-2.7 2.6-4 5.2-4s4.6 1.3 5.2 4',
  keyboard: 'M2 4.5h12v7H2zM4.5 7h.01M7 7h.01M9.5 7h.01M11.8 7h.01M5 9.3h6',
  up: 'M8 13V3.5M4.5 7 8 3.5 11.5 7',
  down: 'M8 3v9.5M4.5 9 8 12.5 11.5 9',
  sort: 'M5 3v10M2.5 10.5 5 13l2.5-2.5M11 13V3M8.5 5.5 11 3l2.5 2.5',
  screen: 'M2 3h12v8H2zM5.5 13.5h5M8 11v2.5',
  machine: 'M2.5 3.5h11v7h-11zM5.5 13h5M6.5 5.5v3l2.8-1.5z',
  cluster: 'M8 2.5v3M8 10.5v3M2.5 8h3M10.5 8h3M8 5.5a2.5 2.5 0 1 1 0 5 2.5 2.5 0 0 1 0-5z',
  copy: 'M5.5 5.5h7v8h-7zM3.5 10.5v-8h7',
  back: 'M9.5 3.5 5 8l4.5 4.5',
  out: 'M6 3H3v10h3M7 8h6.5M11 5.5 13.5 8 11 10.5',
  theme: 'M8 2.5a5.5 5.5 0 1 1 0 11zM8 2.5a5.5 5.5 0 0 0 0 11',
  lock: 'M4 7.5h8v6H4zM5.5 7.5V5.3a2.5 2.5 0 0 1 5 0v2.2',
  unplugged:
    'M9.5 6.5 13 3M6.5 9.5 3 13M5 6.5l4.5 4.5-1.3 1.3a2.7 2.7 0 0 1-3.9 0l-.6-.6a2.7 2.7 0 0 1 0-3.9zM8.3 3.3l4.4 4.4',
  more: 'M3.5 8h.01M8 8h.01M12.5 8h.01',
  gear: 'M8 5.8a2.2 2.2 0 1 1 0 4.4 2.2 2.2 0 0 1 0-4.4zM8 2v2M8 12v2M2 8h2M12 8h2M3.8 3.8l1.4 1.4M10.8 10.8l1.4 1.4M12.2 3.8l-1.4 1.4M5.2 10.8l-1.4 1.4',
  expand: 'M9.5 2.5h4v4M13.5 2.5 9 7M6.5 13.5h-4v-4M2.5 13.5 7 9',
  fold: 'M2.5 11.5h11M5 5l3 3 3-3',
  split: 'M2.5 3h11v10h-11zM8 3v10',
  tasks: 'M2.5 4 4 5.5 6 3M8.5 4.5h5M2.5 9.5 4 11l2-2.5M8.5 10.5h5',
  terminal: 'M2 3h12v10H2zM4.5 6l2 2-2 2M8.5 10.5h3',
  history: 'M3 8a5 5 0 1 1 1.5 3.6M3 12v-3h3M8 5v3l2 1.5',
  scale: 'M2.5 13.5v-4M6.2 13.5v-6M9.8 13.5v-8M13.5 13.5v-11',
  edit: 'M3 13l.6-3L11 2.6 13.4 5 6 12.4zM9.5 4.1l2.4 2.4',
  tag: 'M2.5 2.5h5l6 6-5 5-6-6zM5.2 5.2h.01',
  trash: 'M3 4.5h10M6 4.5V3h4v1.5M4.5 4.5l.6 9h5.8l.6-9M7 7v4M9 7v4',
  columns: 'M2.5 3h11v10h-11zM6.2 3v10M9.8 3v10',
  download: 'M8 2.5v7.5M4.8 7 8 10.2 11.2 7M3 13.5h10',
  key: 'M6 8.5a2.7 2.7 0 1 1 0 4.9 2.7 2.7 0 0 1 0-4.9zM7.7 9 13 3.5M10.5 6l1.8 1.8',
  lines: 'M2.5 4h11M2.5 8h8M2.5 12h10',
  filter: 'M2.5 3.5h11L9.5 8.5v4l-3 1v-5z',
  wrap: 'M2.5 4h11M2.5 8h9a2 2 0 0 1 0 4H8M10 10.2 8 12l2 1.8M2.5 12h3',
  pause: 'M5.5 3.5v9M10.5 3.5v9',
  power: 'M8 2.5v5.5M5 4.2a5 5 0 1 0 6 0',
  reset: 'M12.5 6.5A5 5 0 1 0 13 9M13 3v3.5H9.5',
  move: 'M2.5 5.5h9M8.5 2.5l3 3-3 3M13.5 10.5h-9M7.5 7.8l-3 2.7 3 3',
  camera: 'M2.5 5h3L6.5 3h3l1 2h3v8h-11zM8 7a2 2 0 1 1 0 4 2 2 0 0 1 0-4z',
  play: 'M5 3v10l8-5z',
  warning: 'M8 2.5 14.2 13.5H1.8zM8 6.5v3.2M8 11.7h.01',
} as const;

export type IconName = keyof typeof PATHS;

/** Decoration: whoever uses it puts the word beside it or a label on the control. */
export function Icon({ name }: { readonly name: IconName }): ReactElement {
  return (
    <svg className="icon" viewBox="0 0 16 16" aria-hidden="true" focusable="false">
      <path d={PATHS[name]} />
    </svg>
  );
}
