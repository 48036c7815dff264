import { toast } from '@krateyard/ui/parts/toasts';
import { objectStrings as strings } from './object-strings.ts';

/** Puts a text on the clipboard and says so. */
export function copyText(text: string): void {
  const tell = (): void => toast('ok', strings.copied(text.length > 80 ? `${text.slice(0, 80)} …` : text));
  navigator.clipboard.writeText(text).then(tell, () => toast('warn', strings.copyFailed));
}
