import { useSearchParams } from 'wouter';

/** Makes an address of another page carry the namespaces that are chosen now. */
export function useKeepNamespaces(): (path: string) => string {
  const [params] = useSearchParams();
  const namespaces = params.get('ns');
  return (path) => (namespaces ? `${path}${path.includes('?') ? '&' : '?'}ns=${namespaces}` : path);
}
