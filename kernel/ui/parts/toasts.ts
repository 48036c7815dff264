import { Store } from '../live/store.ts';

export interface Toast {
  readonly id: number;
  readonly tone: 'ok' | 'warn' | 'bad';
  readonly text: string;
  /** How often it was said while it stands. */
  readonly count: number;
  /** Where it leads. */
  readonly more?: ToastLink | undefined;
  readonly group?: ToastGroup | undefined;
}

export interface ToastLink {
  readonly text: string;
  readonly run: () => void;
}

/** What is told in one line as soon as there are several of it. */
export interface ToastGroup {
  readonly name: string;
  /** The line for so many. */
  readonly text: (count: number) => string;
  readonly more?: ToastLink | undefined;
}

/** More than this at once is noise: good news go first, then the oldest. */
const MOST = 4;
const SHOWN_MS = 6000;

export const toasts = new Store<readonly Toast[]>([]);
let nextId = 1;

/**
 * Shows a line until dismissed; good news goes by itself, bad news stays. The same line again is counted, not repeated; of a
 * group and a tone there is one line.
 */
export function toast(tone: Toast['tone'], text: string, more?: ToastLink, group?: ToastGroup): void {
  const shown = toasts.get();
  const before = shown.find(
    (one) => one.tone === tone && (group ? one.group?.name === group.name : one.text === text),
  );
  const id = nextId++;
  const count = (before?.count ?? 0) + 1;
  const next: Toast =
    group && count > 1
      ? { id, tone, text: group.text(count), count, more: group.more, group }
      : { id, tone, text, count, more, group };
  toasts.set(bounded([...shown.filter((one) => one !== before), next]));
  if (tone === 'ok') setTimeout(() => dismissToast(id), SHOWN_MS);
}

export function dismissToast(id: number): void {
  toasts.set(toasts.get().filter((shown) => shown.id !== id));
}

function bounded(all: readonly Toast[]): readonly Toast[] {
  if (all.length <= MOST) return all;
  const goes = all.slice(0, -1).find(({ tone }) => tone === 'ok') ?? all[0];
  return all.filter((one) => one !== goes);
}
