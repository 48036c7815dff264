import { promisify } from 'node:util';
import { inflate, type InputType, type ZlibOptions } from 'node:zlib';
import type { Screen } from './screen.ts';

export type Picture = Pick<Screen, 'width' | 'height' | 'pixels'>;

/** 64 MiB of pixels: a screen of 4096 × 4096. */
const MAX_PIXELS = 2 ** 24;
/** Bytes that are unfiltered before others get a turn: about a millisecond. */
const BYTES_A_TURN = 2 ** 19;
const SIGNATURE = '\x89PNG\r\n\x1a\n';
const INDEXED = 3;
/** Bytes a pixel, by colour type: grey, RGB, indexed, grey with alpha, RGB with alpha. */
const CHANNELS: Readonly<Record<number, number>> = { 0: 1, 2: 3, 3: 1, 4: 2, 6: 4 };

const inflated = promisify<InputType, ZlibOptions, Buffer>(inflate);

/**
 * The pixels of a PNG (W3C PNG, third edition) of 8 bits a channel and without interlacing, as screens are painted. Alpha is left
 * out. Undefined for another kind, for more than 2²⁴ pixels, and for what is no PNG; never throws. Takes, while it lasts, the bytes
 * of the lines beside those of the result.
 */
export async function readPng(png: Buffer): Promise<Picture | undefined> {
  const chunks = chunksOf(png);
  const header = chunks.get('IHDR')?.[0];
  if (!header || header.length < 13) return undefined;
  const [width, height] = [header.readUInt32BE(0), header.readUInt32BE(4)];
  const [depth, colour = 0, , , interlaced] = header.subarray(8);
  const channels = CHANNELS[colour];
  if (depth !== 8 || interlaced !== 0 || channels === undefined) return undefined;
  if (width === 0 || height === 0 || width * height > MAX_PIXELS) return undefined;
  const palette = colour === INDEXED ? chunks.get('PLTE')?.[0] : undefined;
  if (colour === INDEXED && !palette) return undefined;
  const rowBytes = width * channels;
  const lines = await linesOf(chunks.get('IDAT') ?? [], (1 + rowBytes) * height);
  if (!lines) return undefined;
  const pixels = new Uint8Array(width * height * 4);
  for (let row = 0, read = 0; row < height; row += 1, read += rowBytes) {
    if (!unfilter(lines, row * (1 + rowBytes), rowBytes, channels)) return undefined;
    const line = lines.subarray(row * (1 + rowBytes) + 1, (row + 1) * (1 + rowBytes));
    paint(line, channels, palette, pixels, row * width * 4);
    if (read < BYTES_A_TURN) continue;
    read = 0;
    await new Promise((resolve) => setImmediate(resolve));
  }
  return { width, height, pixels };
}

/** By type, as far as they are whole. */
function chunksOf(png: Buffer): ReadonlyMap<string, readonly Buffer[]> {
  const found = new Map<string, Buffer[]>();
  if (png.toString('latin1', 0, 8) !== SIGNATURE) return found;
  for (let at = 8; at + 12 <= png.length;) {
    const length = png.readUInt32BE(at);
    if (at + 12 + length > png.length) break;
    const type = png.toString('latin1', at + 4, at + 8);
    const ofType = found.get(type) ?? [];
    ofType.push(png.subarray(at + 8, at + 8 + length));
    found.set(type, ofType);
    at += 12 + length;
  }
  return found;
}

async function linesOf(deflated: readonly Buffer[], bytes: number): Promise<Buffer | undefined> {
  const lines = await inflated(Buffer.concat(deflated), { maxOutputLength: bytes }).catch(() => undefined);
  return lines?.length === bytes ? lines : undefined;
}

/** Of one line, in place; `at` is its filter's. The line before has been done. False: there is no such filter. */
function unfilter(lines: Buffer, at: number, rowBytes: number, channels: number): boolean {
  const filter = lines[at]!;
  if (filter > 4) return false;
  if (filter === 0) return true;
  const above = at - rowBytes - 1;
  for (let index = 0; index < rowBytes; index += 1) {
    const left = index < channels ? 0 : lines[at + 1 + index - channels]!;
    const up = above < 0 ? 0 : lines[above + 1 + index]!;
    const corner = above < 0 || index < channels ? 0 : lines[above + 1 + index - channels]!;
    lines[at + 1 + index]! += predicted(filter, left, up, corner);
  }
  return true;
}

function predicted(filter: number, left: number, up: number, corner: number): number {
  if (filter === 1) return left;
  if (filter === 2) return up;
  if (filter === 3) return (left + up) >> 1;
  const guess = left + up - corner;
  const [a, b, c] = [Math.abs(guess - left), Math.abs(guess - up), Math.abs(guess - corner)];
  if (a <= b && a <= c) return left;
  return b <= c ? up : corner;
}

/** As blue, green, red and nothing: what a screen holds. */
function paint(
  line: Buffer,
  channels: number,
  palette: Buffer | undefined,
  pixels: Uint8Array,
  at: number,
): void {
  for (let from = 0, to = at; from < line.length; from += channels, to += 4) {
    const source = palette ?? line;
    const red = palette ? line[from]! * 3 : from;
    const coloured = palette !== undefined || channels > 2;
    pixels[to] = source[coloured ? red + 2 : from] ?? 0;
    pixels[to + 1] = source[coloured ? red + 1 : from] ?? 0;
    pixels[to + 2] = source[red] ?? 0;
  }
}
