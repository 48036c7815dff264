/** What the table of events says. */
export const eventStrings = {
  keys: 'Events',
  warnings: 'Warnings',
  warningsKey: 'Show only warnings',
  toSubject: 'Go to the object',
} as const;
