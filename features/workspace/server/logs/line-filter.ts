import { RE2JS } from 're2js';
import { StatusError } from '@krateyard/status/status-error';

export type LineFilter = (text: string) => boolean;

/** The filter of a query: words that all must stand in the line, any case, or an RE2 expression between slashes. Linear in the line. */
export function parseLineFilter(filter: string | undefined): LineFilter | undefined {
  if (filter === undefined || filter.trim() === '') return undefined;
  const expression = /^\/(.+)\/([a-z]*)$/s.exec(filter);
  return expression ? matching(expression[1]!, expression[2]!) : containing(filter);
}

function containing(filter: string): LineFilter {
  const words = [...new Set(filter.toLowerCase().split(/\s+/))].filter((word) => word !== '');
  return (text) => {
    const lower = text.toLowerCase();
    return words.every((word) => lower.includes(word));
  };
}

function matching(pattern: string, flags: string): LineFilter {
  if (!/^i?$/.test(flags)) throw refusal(pattern, `the flags "${flags}" are not known; i is`);
  try {
    const compiled = RE2JS.compile(pattern, flags === 'i' ? RE2JS.CASE_INSENSITIVE : 0);
    return (text) => compiled.test(text);
  } catch (error) {
    throw refusal(pattern, error instanceof Error ? error.message : 'it cannot be read', error);
  }
}

function refusal(pattern: string, why: string, cause?: unknown): StatusError {
  return new StatusError('BadRequest', `"${pattern}" is not a regular expression of RE2: ${why}`, { cause });
}
