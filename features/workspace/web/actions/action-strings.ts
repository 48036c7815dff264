import { formatCount } from '@krateyard/ui/words/format-time';

/** What actions say. */
export const actionStrings = {
  keys: 'Actions',
  actions: 'Actions',
  actionsOn: (key: string): string => `Actions on ${key}`,
  actionsOnMany: (count: number, resource: string): string => `Actions on ${formatCount(count)} ${resource}`,
  openMenu: 'Show the actions',
} as const;
