import type { ByteLink } from './byte-link.ts';

export interface Relayed {
  /** Bytes that went from `a` to `b`, and back. */
  readonly forth: number;
  readonly back: number;
  /** Why it ended, where it was not a side that ended its link in order. */
  readonly error: Error | undefined;
}

/**
 * Carries bytes both ways, each side only as fast as the other takes them, and looks at none. Ends when either link ends, or with
 * the signal; both are closed then. Never rejects.
 */
export async function relay(
  a: ByteLink,
  b: ByteLink,
  options: { readonly signal?: AbortSignal } = {},
): Promise<Relayed> {
  let over = false;
  const close = (): void => {
    over = true;
    a.close();
    b.close();
  };
  options.signal?.addEventListener('abort', close, { once: true });
  if (options.signal?.aborted) close();
  const pump = async (from: ByteLink, to: ByteLink): Promise<{ bytes: number; error?: Error }> => {
    let bytes = 0;
    try {
      for await (const chunk of from.chunks) {
        await to.write(chunk);
        bytes += chunk.length;
      }
      return { bytes };
    } catch (error) {
      // After the first end the other direction fails because of our close.
      return over ? { bytes } : { bytes, error: error as Error };
    } finally {
      close();
    }
  };
  const [forth, back] = await Promise.all([pump(a, b), pump(b, a)]);
  options.signal?.removeEventListener('abort', close);
  return { forth: forth.bytes, back: back.bytes, error: forth.error ?? back.error };
}
