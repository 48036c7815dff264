import type { StateSource } from '@krateyard/hub/topic';
import type { OverviewView } from './overview-view.ts';

/** Parts of one message, about; a snapshot is cut so that slow clients hold up nobody. */
const MESSAGE_BYTES = 128 * 1024;

/** An overview as a topic: keys are names of parts. What has been told is kept, so that only what differs is told again. */
export class OverviewSource implements StateSource {
  readonly #view: OverviewView;
  readonly #stream: () => string;
  /** JSON by name. */
  readonly #told = new Map<string, string>();

  constructor(view: OverviewView, stream: () => string) {
    this.#view = view;
    this.#stream = stream;
    for (const name of view.names()) this.#keep(name);
  }

  *snapshot(): Iterable<Uint8Array> {
    let first = true;
    let held: string[] = [];
    let bytes = 0;
    for (const name of Array.from(this.#told.keys())) {
      const json = this.#told.get(name);
      if (json === undefined) continue;
      held.push(`${JSON.stringify(name)}:${json}`);
      bytes += json.length;
      if (bytes < MESSAGE_BYTES) continue;
      yield this.#message(held, first ? ',"whole":true' : '');
      [first, held, bytes] = [false, [], 0];
    }
    if (held.length > 0 || first) yield this.#message(held, first ? ',"whole":true' : '');
  }

  synced(resume: string): Uint8Array {
    const freshness = this.#view.freshness();
    return Buffer.from(
      JSON.stringify({ type: 'overview', stream: this.#stream(), synced: true, resume, freshness }),
    );
  }

  delta(names: ReadonlySet<string>, resume: string): Uint8Array | undefined {
    const parts: string[] = [];
    for (const name of names) {
      const before = this.#told.get(name);
      const after = this.#keep(name);
      if (before !== after) parts.push(`${JSON.stringify(name)}:${after ?? 'null'}`);
    }
    return parts.length === 0 ? undefined : this.#message(parts, `,"resume":${JSON.stringify(resume)}`);
  }

  catchUp(names: ReadonlySet<string>, resume: string): Uint8Array {
    const parts = Array.from(names, (name) => `${JSON.stringify(name)}:${this.#told.get(name) ?? 'null'}`);
    return this.#message(parts, `,"resume":${JSON.stringify(resume)}`);
  }

  #keep(name: string): string | undefined {
    const value = this.#view.part(name);
    const json = value === undefined ? undefined : JSON.stringify(value);
    if (json === undefined) this.#told.delete(name);
    else this.#told.set(name, json);
    return json;
  }

  #message(parts: readonly string[], more: string): Uint8Array {
    return Buffer.from(
      `{"type":"overview","stream":${JSON.stringify(this.#stream())},"parts":{${parts.join(',')}}${more}}`,
    );
  }
}
