import { fraction } from '../hash.ts';
import { imageName } from '../programs/choose-program.ts';
import { canonicalImage } from './pod-status.ts';

/** Why an image cannot be pulled, in containerd's words; undefined when it can. Names that say so do not exist. */
export function pullError(image: string): string | undefined {
  const full = canonicalImage(image);
  const registry = full.split('/')[0]!;
  const { name, tag } = imageName(image);
  if (image === '' || /\s|[A-Z].*\//.test(image.split(':')[0]!)) return undefined;
  const prefix = `failed to pull and unpack image "${full}": failed to resolve reference "${full}"`;
  if (/does-not-exist|doesnotexist|nonexistent|\.invalid$/.test(registry))
    return `${prefix}: failed to do request: Head "https://${registry}/v2/${full.split('/').slice(1).join('/').split(':')[0]}/manifests/${tag}": dial tcp: lookup ${registry} on 10.96.0.10:53: no such host`;
  if (
    /^(missing|does-not-exist|nonexistent|no-such-tag|notfound)/.test(tag) ||
    /does-not-exist|nonexistent|no-such-image/.test(name)
  )
    return `rpc error: code = NotFound desc = ${prefix}: ${full}: not found`;
  return undefined;
}

/** The images that a node has; the first pull takes time, later pods find it there. */
export class ImageStore {
  #present = new Map<string, Set<string>>();

  has(node: string, image: string): boolean {
    return this.#present.get(node)?.has(canonicalImage(image)) ?? false;
  }

  add(node: string, image: string): void {
    const images = this.#present.get(node) ?? new Set();
    this.#present.set(node, images.add(canonicalImage(image)));
  }

  ofNode(node: string): string[] {
    return [...(this.#present.get(node) ?? [])];
  }
}

/** How long a pull takes, in ms. */
export function pullMs(image: string): number {
  return 350 + Math.floor(fraction(image) * 900);
}

/** Bytes. */
export function imageSize(image: string): number {
  return 2_000_000 + Math.floor(fraction(`${image} size`) * 180_000_000);
}
