import { promisify } from 'node:util';
import { constants, deflate, inflate } from 'node:zlib';
import type { ByteReader } from './byte-reader.ts';
import { brokenProtocol } from './protocol-error.ts';
import { MAX_CLIPBOARD_BYTES } from './rectangles.ts';

/** rfbproto, "Extended Clipboard": formats in the low half of the flags, actions in the high byte. */
const TEXT = 1;
const CAPS = 1 << 24;
const REQUEST = 1 << 25;
const PEEK = 1 << 26;
const NOTIFY = 1 << 27;
const PROVIDE = 1 << 28;
const ACTIONS = CAPS | REQUEST | PEEK | NOTIFY | PROVIDE;

export interface ClipboardSide {
  /** The number of the cut text message of this side: 6 as a client, 3 as a server. */
  readonly message: 3 | 6;
  send(bytes: Buffer): void;
  onText(text: string): void;
}

/** One side's part in sharing clipboards: plain cut text (Latin-1), and the extended form (UTF-8, on request) where the peer has it. */
export class ClipboardTalk {
  readonly #side: ClipboardSide;
  /** What the peer can do; undefined: plain text only. */
  #peerActions: number | undefined;
  #text: string | undefined;
  #announced = false;

  constructor(side: ClipboardSide) {
    this.#side = side;
  }

  /** Says what this side can do in the extended form: text of up to 1 MiB. */
  announceOnce(): void {
    if (this.#announced) return;
    this.#announced = true;
    this.#extended(ACTIONS | TEXT, u32(MAX_CLIPBOARD_BYTES));
  }

  /** This side has a new text. Longer than 1 MiB is not passed on. */
  offer(text: string): void {
    if (Buffer.byteLength(text) > MAX_CLIPBOARD_BYTES) return;
    this.#text = text;
    if (this.#can(NOTIFY)) this.#extended(NOTIFY | TEXT);
    else this.#plain(text);
  }

  /** Reads the message behind its number. */
  async receive(reader: ByteReader): Promise<void> {
    await reader.skip(3);
    const length = await reader.s32();
    const size = Math.abs(length);
    if (size > MAX_CLIPBOARD_BYTES) return reader.skip(size);
    if (length >= 0) return this.#side.onText((await reader.take(size)).toString('latin1'));
    if (size < 4) throw brokenProtocol('a clipboard message without flags');
    const flags = await reader.u32();
    await this.#act(flags, await reader.take(size - 4));
  }

  async #act(flags: number, content: Buffer): Promise<void> {
    if (flags & CAPS) {
      this.#peerActions = flags;
      this.announceOnce();
    } else if (flags & REQUEST) {
      if (flags & TEXT && this.#text !== undefined) await this.#provide(this.#text);
    } else if (flags & PEEK) {
      if (this.#can(NOTIFY)) this.#extended(NOTIFY | (this.#text === undefined ? 0 : TEXT));
    } else if (flags & NOTIFY) {
      if (flags & TEXT) this.#extended(REQUEST | TEXT);
    } else if (flags & PROVIDE && flags & TEXT) this.#side.onText(await textOf(content));
  }

  #can(action: number): boolean {
    return ((this.#peerActions ?? 0) & action) !== 0;
  }

  async #provide(text: string): Promise<void> {
    const bytes = Buffer.from(`${text.replaceAll(/\r?\n/g, '\r\n')}\0`);
    this.#extended(PROVIDE | TEXT, await deflated(Buffer.concat([u32(bytes.length), bytes])));
  }

  #plain(text: string): void {
    const bytes = Buffer.from(text.replaceAll(/[^\0-\u00ff]/gu, '?'), 'latin1');
    this.#side.send(Buffer.concat([Buffer.from([this.#side.message, 0, 0, 0]), u32(bytes.length), bytes]));
  }

  #extended(flags: number, content: Buffer = Buffer.alloc(0)): void {
    const head = Buffer.alloc(12);
    head[0] = this.#side.message;
    head.writeInt32BE(-(4 + content.length), 4);
    head.writeUInt32BE(flags, 8);
    this.#side.send(Buffer.concat([head, content]));
  }
}

function u32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(value);
  return bytes;
}

const deflated = promisify<Buffer, Buffer>(deflate);

/** The text of a `provide`: its length, then UTF-8 with CRLF and, with most peers, a zero at the end. It is the first of the formats. */
async function textOf(content: Buffer): Promise<string> {
  const bytes = await inflated(content);
  if (bytes.length < 4) throw brokenProtocol('a clipboard without a length');
  const text = bytes.subarray(4, 4 + bytes.readUInt32BE(0)).toString();
  return text.replace(/\0+$/, '').replaceAll('\r\n', '\n');
}

/** Each message is a stream of its own; not every peer ends it. */
const INFLATE = { maxOutputLength: 2 * MAX_CLIPBOARD_BYTES, finishFlush: constants.Z_SYNC_FLUSH };

function inflated(content: Buffer): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    inflate(content, INFLATE, (error, bytes) => {
      if (error) reject(brokenProtocol(`a clipboard that cannot be unpacked (${error.message})`));
      else resolve(bytes);
    });
  });
}
