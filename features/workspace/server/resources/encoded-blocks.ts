import type { EncodedObjects } from '@krateyard/kube/cache/encoded';
import type { KubeObject } from '@krateyard/kube/meta/object';

interface Block {
  readonly objects: readonly KubeObject[];
  readonly bytes: Buffer;
}

/** A run without a natural end is cut here. */
const MAX_OBJECTS = 256;
const COMMA = 0x2c;

/**
 * The JSON of long lists as a few joined blocks. Where blocks end depends on the objects, not on their places, so when an
 * object changes, comes or goes, only its own block is made anew. Holds about `maxBytes`, in two generations.
 */
export class EncodedBlocks {
  readonly #encoded: EncodedObjects;
  readonly #maxBytes: number;
  #young = new WeakMap<KubeObject, Block>();
  #old = new WeakMap<KubeObject, Block>();
  #youngBytes = 0;

  constructor(encoded: EncodedObjects, maxBytes: number) {
    this.#encoded = encoded;
    this.#maxBytes = maxBytes;
  }

  /** The objects' JSON with commas within a block; a comma belongs between two blocks. */
  encode(objects: readonly KubeObject[]): Buffer[] {
    const blocks: Buffer[] = [];
    for (let from = 0; from < objects.length;) {
      const to = blockEnd(objects, from);
      blocks.push(this.#block(objects, from, to));
      from = to;
    }
    return blocks;
  }

  #block(objects: readonly KubeObject[], from: number, to: number): Buffer {
    const first = objects[from]!;
    const known = this.#young.get(first) ?? this.#old.get(first);
    if (known && sameObjects(known.objects, objects, from, to)) return this.#remember(first, known).bytes;
    const own = objects.slice(from, to);
    const bytes = joined(own.map((object) => this.#encoded.encode(object)));
    return this.#remember(first, { objects: own, bytes }).bytes;
  }

  #remember(first: KubeObject, block: Block): Block {
    if (this.#young.get(first) === block) return block;
    if (this.#youngBytes + block.bytes.length > this.#maxBytes / 2) {
      this.#old = this.#young;
      this.#young = new WeakMap();
      this.#youngBytes = 0;
    }
    this.#young.set(first, block);
    this.#youngBytes += block.bytes.length;
    return block;
  }
}

function blockEnd(objects: readonly KubeObject[], from: number): number {
  const limit = Math.min(objects.length, from + MAX_OBJECTS);
  for (let at = from; at < limit; at += 1) if (endsBlock(objects[at]!)) return at + 1;
  return limit;
}

/** One object in 64, by its uid, whose last digits are random. */
function endsBlock({ metadata: { uid } }: KubeObject): boolean {
  return uid !== undefined && uid.at(-1) === '0' && uid.at(-2)! < '4';
}

function sameObjects(
  known: readonly KubeObject[],
  objects: readonly KubeObject[],
  from: number,
  to: number,
): boolean {
  if (known.length !== to - from) return false;
  for (let at = from; at < to; at += 1) if (known[at - from] !== objects[at]) return false;
  return true;
}

function joined(parts: readonly Buffer[]): Buffer {
  const size = parts.reduce((sum, part) => sum + part.length, Math.max(0, parts.length - 1));
  const bytes = Buffer.allocUnsafeSlow(size);
  let at = 0;
  for (const [index, part] of parts.entries()) {
    if (index > 0) {
      bytes[at] = COMMA;
      at += 1;
    }
    bytes.set(part, at);
    at += part.length;
  }
  return bytes;
}
