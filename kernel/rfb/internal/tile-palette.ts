/** The colours of a tile that has few, and which of them each pixel has. */
export interface TilePalette {
  readonly palette: Uint32Array;
  readonly indices: Uint8Array;
}

/** A power of two, four times the most colours. */
const SLOTS = 1024;
const colourIn = new Int32Array(SLOTS);
const indexIn = new Uint16Array(SLOTS);

/** Undefined when there are more than `most`, itself at most 256. */
export function paletteOf(colours: Uint32Array, most: number): TilePalette | undefined {
  colourIn.fill(-1);
  const palette = new Uint32Array(most);
  const indices = new Uint8Array(colours.length);
  let size = 0;
  let [last, lastIndex] = [-1, 0];
  for (let at = 0; at < colours.length; at += 1) {
    const colour = colours[at]!;
    if (colour !== last) {
      let slot = (Math.imul(colour, 0x9e37_79b1) >>> 22) & (SLOTS - 1);
      while (colourIn[slot] !== -1 && colourIn[slot] !== colour) slot = (slot + 1) & (SLOTS - 1);
      if (colourIn[slot] === -1) {
        if (size === most) return undefined;
        colourIn[slot] = colour;
        indexIn[slot] = size;
        palette[size] = colour;
        size += 1;
      }
      last = colour;
      lastIndex = indexIn[slot]!;
    }
    indices[at] = lastIndex;
  }
  return { palette: palette.subarray(0, size), indices };
}

/** Indices of `bits` each, the first in the highest bits; every row begins a byte. */
export function packIndices(indices: Uint8Array, width: number, bits: 1 | 2 | 4): Buffer {
  const rowBytes = Math.ceil((width * bits) / 8);
  const bytes = Buffer.alloc(rowBytes * (indices.length / width));
  const perByte = 8 / bits;
  for (let at = 0, row = 0; at < indices.length; row += rowBytes)
    for (let column = 0; column < width; column += 1, at += 1) {
      const shift = 8 - bits * ((column % perByte) + 1);
      bytes[row + Math.floor(column / perByte)]! |= indices[at]! << shift;
    }
  return bytes;
}
