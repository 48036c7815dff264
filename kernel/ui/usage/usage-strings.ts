/** What usage says. */
export const usageStrings = {
  cpu: 'CPU',
  memory: 'Memory',
  dark: 'No usage is measured here.',
  forbidden: 'You may not see usage here.',
  cpuColumn: 'CPU used',
  memoryColumn: 'Memory used',
} as const;
