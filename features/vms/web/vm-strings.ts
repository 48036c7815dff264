/** What the pages of machines say. The screen, the form of new machines and the serial console have catalogues of their own. */
export const vmStrings = {
  room: 'Machines',
  loading: 'Loading',
  wall: 'Wall of screens',
} as const;
