import { parseFilter } from '@krateyard/ui/page/filter';

const TERM = 'status:warning';

/** Whether a filter of events lets only warnings through. */
export function onlyWarnings(filter: string): boolean {
  const { status } = parseFilter(filter);
  return status.length > 0 && status.every((word) => 'warning'.startsWith(word));
}

/** The filter with, or without, what lets only warnings through; every other word of it stays. */
export function withoutNormal(filter: string, on: boolean): string {
  const rest = filter.replaceAll(/(?:^|\s+)status:\S*/gi, '').trim();
  return on ? `${rest} ${TERM}`.trim() : rest;
}
