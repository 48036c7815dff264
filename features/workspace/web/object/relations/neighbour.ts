/** The node that an arrow key goes to from the focused one: within its column, or to the nearest one of the other column. */
export function neighbour(root: HTMLElement, focused: Element | null, key: string): HTMLElement | undefined {
  const nodes = [...root.querySelectorAll<HTMLElement>('[data-node]')];
  const at = nodes.findIndex((node) => node === focused);
  if (at === -1) return undefined;
  const column = columnOf(nodes[at]!);
  const same = nodes.filter((node) => columnOf(node) === column);
  const place = same.indexOf(nodes[at]!);
  switch (key) {
    case 'ArrowDown':
      return same[place + 1];
    case 'ArrowUp':
      return same[place - 1];
    case 'ArrowLeft':
      return column === 'to' ? nearest(nodes, nodes[at]!, 'from') : undefined;
    case 'ArrowRight':
      return column === 'from' ? nearest(nodes, nodes[at]!, 'to') : undefined;
    default:
      return undefined;
  }
}

const columnOf = (node: HTMLElement): string | undefined =>
  node.closest<HTMLElement>('[data-column]')?.dataset['column'];

function nearest(nodes: readonly HTMLElement[], from: HTMLElement, column: string): HTMLElement | undefined {
  const { top } = from.getBoundingClientRect();
  const away = (node: HTMLElement): number => Math.abs(node.getBoundingClientRect().top - top);
  return nodes.filter((node) => columnOf(node) === column).toSorted((a, b) => away(a) - away(b))[0];
}
