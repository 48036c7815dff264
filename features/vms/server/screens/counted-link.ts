import type { ByteLink } from '@krateyard/rfb/byte-link';

/** The same link; what is written to it is told. */
export function countedLink(link: ByteLink, onWritten: (count: number) => void): ByteLink {
  return {
    chunks: link.chunks,
    write: (bytes) => {
      onWritten(bytes.length);
      return link.write(bytes);
    },
    close: (why) => link.close(why),
  };
}
