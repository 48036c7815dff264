/** Where a key leads in a grid of `count` tiles, `columns` a row. Undefined: the key is none of the grid's, or it leads nowhere. */
export function wallMove(key: string, at: number, columns: number, count: number): number | undefined {
  const to = targetOf(key, at, Math.max(1, columns), count);
  return to === undefined || to < 0 || to >= count || to === at ? undefined : to;
}

function targetOf(key: string, at: number, columns: number, count: number): number | undefined {
  switch (key) {
    case 'ArrowRight':
    case 'j':
      return at + 1;
    case 'ArrowLeft':
    case 'k':
      return at - 1;
    case 'ArrowDown': {
      const below = at + columns;
      const lastRow = Math.floor((count - 1) / columns);
      return below < count ? below : Math.floor(at / columns) < lastRow ? count - 1 : undefined;
    }
    case 'ArrowUp':
      return at - columns;
    case 'Home':
      return 0;
    case 'End':
      return count - 1;
    case 'PageDown':
      return Math.min(count - 1, at + 3 * columns);
    case 'PageUp':
      return Math.max(0, at - 3 * columns);
    default:
      return undefined;
  }
}
