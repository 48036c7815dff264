import { copyText } from '@krateyard/ui/parts/clipboard';
import { objectStrings as strings } from './object-strings.ts';

/** Puts a text on the clipboard and says which. */
export function copyQuoted(text: string): void {
  void copyText(text, strings.copied(text.length > 80 ? `${text.slice(0, 80)} …` : text));
}
