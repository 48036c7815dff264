/** The part of noVNC 1.7 that the screen uses; it brings no types of its own. */
declare module '@novnc/novnc' {
  /** What a WebSocket and a data channel of WebRTC have in common. */
  export interface RfbTransport {
    binaryType: string;
    readonly protocol: string;
    readonly readyState: string | number;
    onopen: ((event: unknown) => void) | null;
    onmessage: ((event: { readonly data: unknown }) => void) | null;
    onclose: ((event: { readonly code?: number; readonly reason?: string }) => void) | null;
    onerror: ((event: unknown) => void) | null;
    send(bytes: Uint8Array<ArrayBuffer>): void;
    close(): void;
  }

  /** Draws into `target` and takes input from there, until `disconnect` is told. Not to be used again after that. */
  export default class RFB extends EventTarget {
    constructor(target: HTMLElement, transport: RfbTransport, options?: { readonly shared?: boolean });
    viewOnly: boolean;
    /** Shows a part that fits, instead of bars to scroll. */
    clipViewport: boolean;
    /** Pressing and moving moves that part. */
    dragViewport: boolean;
    scaleViewport: boolean;
    /** Asks the server to take the size of `target`. */
    resizeSession: boolean;
    showDotCursor: boolean;
    focusOnClick: boolean;
    background: string;
    disconnect(): void;
    /** `keysym`: X11's; `code`: as KeyboardEvent names keys. Without `down`: pressed and let go. */
    sendKey(keysym: number, code: string | null, down?: boolean): void;
    focus(options?: FocusOptions): void;
    blur(): void;
    clipboardPasteFrom(text: string): void;
    toBlob(callback: (blob: Blob | null) => void, type?: string): void;
  }
}
