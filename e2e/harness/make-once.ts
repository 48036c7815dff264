import type { Target } from './target.ts';
import type { Wire } from './wire.ts';

/** What another suite or test has brought stays that one's. */
export async function makeOnce(target: Target, path: string, object: Wire): Promise<void> {
  const found = await target.admin.get(`${path}/${object.metadata.name as string}`);
  if (found.status !== 200) await target.make(path, object);
}
