/* oxlint-disable unicorn/prefer-add-event-listener -- noVNC itself sets fields */
import type { RfbTransport } from '@novnc/novnc';
import type { ByteSocket } from '@krateyard/ui/live/byte-socket';
import { SOCKET_OPEN } from '@krateyard/ui/live/live-wire';

const SET_DESKTOP_SIZE = 251;
/** Machines round the size that they are asked for: to eight pixels, or to sixteen. */
const ROUNDED = 16;

interface Size {
  readonly width: number;
  readonly height: number;
}

/**
 * A socket as noVNC wants it. noVNC writes an error to the console when a socket closes at a moment that it does not expect, so
 * the end of the socket is told to `onEnd` instead, whose caller then tells noVNC to disconnect.
 */
export class RfbChannel implements RfbTransport {
  binaryType = 'arraybuffer';
  readonly protocol = '';
  onopen: RfbTransport['onopen'] = null;
  onmessage: RfbTransport['onmessage'] = null;
  onclose: RfbTransport['onclose'] = null;
  onerror: RfbTransport['onerror'] = null;
  readonly #socket: ByteSocket;
  #readyState: 'open' | 'closed' = 'open';
  #asked: Size | undefined;

  /** The socket is open already. */
  constructor(socket: ByteSocket, onEnd: (code: number) => void) {
    this.#socket = socket;
    socket.onmessage = (event: { readonly data: unknown }) => this.onmessage?.(event);
    socket.onclose = (event: { readonly code: number }) => onEnd(event.code);
  }

  /** Open until noVNC itself closes: else it would wait for an end that it has missed. */
  get readyState(): string {
    return this.#readyState;
  }

  /**
   * Whether a picture of this size is what noVNC has asked the machine for last: noVNC takes a size over when the machine says yes
   * (ExtendedDesktopSize, status 0) or follows later, and leaves a refusal in its log.
   */
  took({ width, height }: Size): boolean {
    if (!this.#asked) return false;
    return Math.abs(width - this.#asked.width) < ROUNDED && Math.abs(height - this.#asked.height) < ROUNDED;
  }

  send(bytes: Uint8Array<ArrayBuffer>): void {
    if (bytes[0] === SET_DESKTOP_SIZE) {
      const words = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
      this.#asked = { width: words.getUint16(2), height: words.getUint16(4) };
    }
    if (this.#socket.readyState === SOCKET_OPEN) this.#socket.send(bytes);
  }

  /** noVNC is told a moment later: it does not expect the end within its own call. */
  close(): void {
    this.#readyState = 'closed';
    this.#socket.close();
    queueMicrotask(() => this.onclose?.({ code: 1000 }));
  }
}
