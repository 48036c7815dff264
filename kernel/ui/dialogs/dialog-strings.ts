/** What dialogs, fields and menus say of themselves. */
export const dialogStrings = {
  close: 'Close',
  cancel: 'Cancel',
  working: 'Working',
  typeName: (name: string): string => `Type ${name} to confirm`,
  notTheName: 'This is not the name.',
  fewer: 'Fewer',
  more: 'More',
  wrongNumber: (min: number | undefined, max: number | undefined): string => {
    if (min !== undefined && max !== undefined) return `A whole number from ${min} to ${max}.`;
    if (min !== undefined) return `A whole number, ${min} or more.`;
    return max === undefined ? 'A whole number.' : `A whole number, ${max} or less.`;
  },
} as const;
