/** Moves the focus to the next line of the page, or the one before; from elsewhere to the first or last. */
export function moveAmongLines(page: HTMLElement | null, step: 1 | -1): void {
  const lines = [...(page?.querySelectorAll<HTMLElement>('[data-line]') ?? [])];
  const at = lines.findIndex((line) => line === document.activeElement);
  const next = at === -1 ? (step === 1 ? 0 : lines.length - 1) : at + step;
  lines[Math.max(0, Math.min(lines.length - 1, next))]?.focus();
}
