import { plainText } from './ansi.ts';
import type { LogBuffer } from './log-buffer.ts';
import type { LineEntry } from './log-entry.ts';

export interface ExportStyle {
  readonly times: boolean;
  readonly sources: boolean;
}

/** Lines as text, a line each, in the order in which they are shown; those from `from` to `to` (by seq) that are drawn. */
export function exportLines(
  buffer: LogBuffer,
  style: ExportStyle,
  from = 0,
  to = Number.POSITIVE_INFINITY,
): { readonly text: string; readonly lines: number } {
  const lines: string[] = [];
  for (const kept of buffer.entries(from)) {
    if (kept.seq > to) break;
    if (kept.entry.type === 'line' && buffer.shown(kept)) lines.push(lineOf(kept.entry, style));
  }
  return { text: lines.map((line) => `${line}\n`).join(''), lines: lines.length };
}

function lineOf(entry: LineEntry, { times, sources }: ExportStyle): string {
  const { at, source, text } = entry;
  return [times ? at : '', sources ? `${source.pod}/${source.container}` : '', plainText(text)]
    .filter((part, index) => index === 2 || part !== '')
    .join(' ');
}
