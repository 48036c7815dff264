/** What plots say. */
export const plotStrings = {
  nothing: 'Nothing has been measured yet.',
  at: (clock: string): string => ` at ${clock}`,
} as const;
