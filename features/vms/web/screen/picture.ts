import type RFB from '@novnc/novnc';
import type { ByteSocket } from '@krateyard/ui/live/byte-socket';
import { loadPart } from '@krateyard/ui/page/load-part';
import type { PictureSink } from './pixel-line.ts';
import { RfbChannel } from './rfb-channel.ts';
import type { Scaling } from './screen-settings.ts';
import type { Stroke } from './type-text.ts';

type RfbClass = typeof RFB;

export interface PictureEvents {
  /** The machine's resolution, in its own pixels. */
  readonly onSize: (size: { readonly width: number; readonly height: number }) => void;
  /** The machine has put this into its clipboard. */
  readonly onClipboard: (text: string) => void;
  /** The keys that lead out were pressed. */
  readonly onLeave: () => void;
}

export interface PictureLook {
  readonly scaling: Scaling;
  /** Keys and pointer stay here. */
  readonly viewOnly: boolean;
  /** What screen readers call it. */
  readonly label: string;
  /** Fingers move the picture, where only a part of it shows. */
  readonly drags: boolean;
}

/**
 * The pixels of a machine in an element, over any number of connections: what was drawn last stays, in grey, until there is
 * something newer. Load on first use: noVNC comes with it.
 */
export class Picture implements PictureSink {
  readonly #rfbClass: RfbClass;
  readonly #live: HTMLElement;
  readonly #kept: HTMLElement;
  readonly #events: PictureEvents;
  #rfb: RFB | undefined;
  #canvas: HTMLCanvasElement | undefined;
  #channel: RfbChannel | undefined;
  #look: PictureLook = { scaling: 'fit', viewOnly: true, label: '', drags: false };
  #frames = 0;
  readonly #held = new Map<string, string>();

  /** Rejects when noVNC cannot be loaded. */
  static async open(stage: HTMLElement, events: PictureEvents): Promise<Picture> {
    const { default: rfbClass } = await loadPart(() => import('@novnc/novnc'));
    return new Picture(rfbClass, stage, events);
  }

  private constructor(rfbClass: RfbClass, stage: HTMLElement, events: PictureEvents) {
    this.#rfbClass = rfbClass;
    this.#events = events;
    this.#live = divIn(stage, 'screen-live');
    this.#kept = divIn(stage, 'screen-kept');
    this.#kept.hidden = true;
    this.#live.addEventListener('keydown', (event) => this.#onKeyDown(event), { capture: true });
    this.#live.addEventListener('keyup', ({ code }) => this.#held.delete(code), { capture: true });
    this.#live.addEventListener('focusout', () => this.#letKeysGo());
  }

  /** Updates drawn so far. */
  get frames(): number {
    return this.#frames;
  }

  /** The machine has the size that it was asked for: it was asked, and did not refuse. */
  get resizable(): boolean {
    return this.#canvas !== undefined && (this.#channel?.took(this.#canvas) ?? false);
  }

  attach(socket: ByteSocket, told: Parameters<PictureSink['attach']>[1]): () => void {
    const channel = new RfbChannel(socket, (code) => {
      end();
      told.over(code);
    });
    const rfb = new this.#rfbClass(this.#live, channel, { shared: true });
    const signal = new AbortController();
    this.#rfb = rfb;
    this.#channel = channel;
    const end = (): void => {
      if (signal.signal.aborted) return;
      signal.abort();
      this.#keep(rfb);
      rfb.disconnect();
    };
    const listen = (type: string, listener: (event: CustomEvent) => void): void =>
      rfb.addEventListener(type, listener as EventListener, { signal: signal.signal });
    rfb.background = 'transparent';
    rfb.showDotCursor = true;
    listen('connect', () => this.#onConnect(rfb, told.drawn));
    listen('clipboard', ({ detail }) => this.#events.onClipboard((detail as { text: string }).text));
    listen('disconnect', () => {
      signal.abort();
      this.#keep(rfb);
      told.over(1006);
    });
    this.#apply();
    return end;
  }

  look(look: PictureLook): void {
    this.#look = look;
    this.#apply();
  }

  /** Takes its elements away; connections are ended by whoever attached them. */
  close(): void {
    this.#live.remove();
    this.#kept.remove();
  }

  focus(): void {
    this.#canvas?.focus({ preventScroll: true });
  }

  press(strokes: readonly Stroke[]): void {
    for (const { keysym, code, down } of strokes) this.#rfb?.sendKey(keysym, code, down);
  }

  setClipboard(text: string): void {
    this.#rfb?.clipboardPasteFrom(text);
  }

  /** The picture as it shows, as PNG; undefined before there is one. */
  async blob(): Promise<Blob | undefined> {
    const canvas = this.#canvas ?? this.#kept.querySelector('canvas');
    if (!canvas || canvas.width === 0) return undefined;
    const found = await new Promise<Blob | null>((resolve) => canvas.toBlob(resolve, 'image/png'));
    return found ?? undefined;
  }

  #onConnect(rfb: RFB, drawn: () => void): void {
    const canvas = this.#live.lastElementChild!.querySelector('canvas')!;
    const hadFocus = this.#kept.dataset['focused'] === 'true';
    this.#canvas = canvas;
    canvas.tabIndex = 0;
    canvas.setAttribute('role', 'application');
    this.#apply();
    let size = '';
    onDraw(canvas, () => {
      this.#frames += 1;
      if (size === `${canvas.width}x${canvas.height}`) return;
      if (size === '') {
        this.#show(drawn);
        if (hadFocus) rfb.focus({ preventScroll: true });
      }
      size = `${canvas.width}x${canvas.height}`;
      this.#events.onSize({ width: canvas.width, height: canvas.height });
    });
  }

  #show(drawn: () => void): void {
    this.#kept.hidden = true;
    this.#kept.replaceChildren();
    drawn();
  }

  /** noVNC takes its canvas away with the connection; its last picture is shown instead. */
  #keep(rfb: RFB): void {
    if (this.#rfb !== rfb) return;
    this.#letKeysGo();
    const canvas = this.#canvas;
    this.#rfb = undefined;
    this.#channel = undefined;
    this.#canvas = undefined;
    if (!canvas || canvas.width === 0) return;
    const copy = document.createElement('canvas');
    copy.width = canvas.width;
    copy.height = canvas.height;
    copy.getContext('2d')!.drawImage(canvas, 0, 0);
    copy.setAttribute('role', 'img');
    copy.setAttribute('aria-label', this.#look.label);
    this.#kept.replaceChildren(copy);
    this.#kept.dataset['focused'] = String(document.activeElement === canvas);
    this.#kept.hidden = false;
  }

  #apply(): void {
    const { scaling, viewOnly, label, drags } = this.#look;
    this.#kept.dataset['scaling'] = scaling;
    this.#canvas?.setAttribute('aria-label', label);
    const rfb = this.#rfb;
    if (!rfb) return;
    rfb.viewOnly = viewOnly;
    rfb.clipViewport = scaling === 'one' && drags;
    rfb.dragViewport = rfb.clipViewport;
    rfb.scaleViewport = scaling !== 'one';
    rfb.resizeSession = scaling === 'remote';
  }

  #onKeyDown(event: KeyboardEvent): void {
    if (event.ctrlKey && event.key === 'F6') {
      event.preventDefault();
      event.stopPropagation();
      this.#letKeysGo();
      this.#events.onLeave();
      return;
    }
    this.#held.set(event.code, event.key);
  }

  /** A key that is let go elsewhere would stay pressed in the machine. */
  #letKeysGo(): void {
    const held = [...this.#held];
    this.#held.clear();
    for (const [code, key] of held) this.#canvas?.dispatchEvent(new KeyboardEvent('keyup', { code, key }));
  }
}

function divIn(parent: HTMLElement, className: string): HTMLElement {
  const made = document.createElement('div');
  made.className = className;
  parent.append(made);
  return made;
}

/** noVNC tells of no updates; each draws its changes onto the canvas that shows. */
function onDraw(canvas: HTMLCanvasElement, drawn: () => void): void {
  const context = canvas.getContext('2d')!;
  const draw = context.drawImage.bind(context) as (...args: unknown[]) => void;
  context.drawImage = (...args: unknown[]): void => {
    draw(...args);
    drawn();
  };
}
