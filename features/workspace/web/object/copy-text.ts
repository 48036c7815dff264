import { toast } from '@krateyard/ui/parts/toasts';
import { objectStrings as strings } from './object-strings.ts';

/** Puts a text on the clipboard and says so. */
export function copyText(text: string): void {
  const tell = (): void => toast('ok', strings.copied(text.length > 80 ? `${text.slice(0, 80)} …` : text));
  navigator.clipboard.writeText(text).then(tell, () => toast('warn', strings.copyFailed));
}

/** `kubectl get pods web-1 -n team-a -o yaml`: what the resource is called is told apart by its group. */
export function kubectlText(
  kind: { readonly group: string; readonly version: string; readonly resource: string },
  namespace: string | undefined,
  name: string,
): string {
  const { group, version, resource } = kind;
  const full = group === '' ? resource : `${resource}.${version}.${group}`;
  return `kubectl get ${full} ${quoted(name)}${namespace === undefined ? '' : ` -n ${namespace}`} -o yaml`;
}

const quoted = (name: string): string =>
  /^[\w.:@-]+$/.test(name) ? name : `'${name.replaceAll("'", String.raw`'\''`)}'`;
