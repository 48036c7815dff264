import type { ByteLink } from '@krateyard/rfb/byte-link';

export interface ByteCounts {
  readonly onRead?: (count: number) => void;
  readonly onWritten?: (count: number) => void;
}

/** The same link, with its bytes told. */
export function countedLink(link: ByteLink, { onRead, onWritten }: ByteCounts): ByteLink {
  return {
    chunks: onRead ? counted(link.chunks, onRead) : link.chunks,
    write: (bytes) => {
      onWritten?.(bytes.length);
      return link.write(bytes);
    },
    close: () => link.close(),
  };
}

async function* counted(
  chunks: AsyncIterable<Uint8Array>,
  onRead: (count: number) => void,
): AsyncGenerator<Uint8Array> {
  for await (const chunk of chunks) {
    onRead(chunk.length);
    yield chunk;
  }
}
