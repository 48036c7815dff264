/** Where tables keep which columns a person has chosen for them. */
const PREFIX = 'krateyard.columns';

/** Takes away every choice of columns; tells how many there were. Tables that show now change when they are opened again. */
export function forgetColumns(): number {
  try {
    const keys = Object.keys(localStorage).filter((key) => key.startsWith(PREFIX));
    for (const key of keys) localStorage.removeItem(key);
    return keys.length;
  } catch {
    return 0;
  }
}
