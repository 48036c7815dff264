import { formatCount } from '@krateyard/ui/words/format-time';

export const plural = (count: number, one: string, many = `${one}s`): string =>
  `${formatCount(count)} ${count === 1 ? one : many}`;
