import { Store } from '../live/store.ts';

export interface Toast {
  readonly id: number;
  readonly tone: 'ok' | 'warn' | 'bad';
  readonly text: string;
  /** Where it leads. */
  readonly more?: ToastLink | undefined;
}

export interface ToastLink {
  readonly text: string;
  readonly run: () => void;
}

/** More than this at once is noise: the oldest goes. */
const MOST = 4;
const SHOWN_MS = 6000;

export const toasts = new Store<readonly Toast[]>([]);
let nextId = 1;

/** Shows a line until dismissed; good news goes by itself, bad news stays. */
export function toast(tone: Toast['tone'], text: string, more?: ToastLink): void {
  const id = nextId++;
  toasts.set([...toasts.get(), { id, tone, text, more }].slice(-MOST));
  if (tone === 'ok') setTimeout(() => dismissToast(id), SHOWN_MS);
}

export function dismissToast(id: number): void {
  toasts.set(toasts.get().filter((shown) => shown.id !== id));
}
