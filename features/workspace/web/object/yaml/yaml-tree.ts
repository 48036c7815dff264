import {
  COLLECTION_STYLE_FLOW,
  EVENT_ID,
  getScalarValue,
  parseEvents,
  SCALAR_STYLE,
  type Event,
  type MappingEvent,
  type ScalarEvent,
  type SequenceEvent,
} from 'js-yaml';

/** Where a value stands in a text: offsets, without the blanks around it. */
interface Range {
  readonly start: number;
  readonly end: number;
}

export interface YamlEntry {
  readonly key: string;
  readonly start: number;
  readonly value: YamlNode;
}

/** A value of a YAML document with its place. */
export type YamlNode = Range &
  (
    | { readonly type: 'map'; readonly flow: boolean; readonly entries: readonly YamlEntry[] }
    | { readonly type: 'list'; readonly flow: boolean; readonly items: readonly YamlNode[] }
    /** `plain`: it stands in one line, in quotes or not, and another like it can take its place. */
    | { readonly type: 'scalar'; readonly plain: boolean }
  );

/** The tree of a text of one document; undefined where it has none, or what has no place here (aliases, keys that are no texts). */
export function yamlTree(text: string): YamlNode | undefined {
  return new TreeReader(text, parseEvents(text, {})).document();
}

type Collection = MappingEvent | SequenceEvent;

class TreeReader {
  readonly #text: string;
  readonly #events: readonly Event[];
  #next = 0;
  /** Where what was read last ends. */
  #end = 0;
  #odd = false;

  constructor(text: string, events: readonly Event[]) {
    this.#text = text;
    this.#events = events;
  }

  document(): YamlNode | undefined {
    const first = this.#take();
    if (first?.type !== EVENT_ID.DOCUMENT) return undefined;
    const node = this.#node();
    return this.#odd ? undefined : node;
  }

  #take(): Event | undefined {
    const event = this.#events[this.#next];
    this.#next += 1;
    if (event && 'tagStart' in event && (event.tagStart !== -1 || event.anchorStart !== -1)) this.#odd = true;
    return event;
  }

  #node(): YamlNode | undefined {
    const event = this.#take();
    if (event?.type === EVENT_ID.SCALAR) return this.#scalar(event);
    if (event?.type === EVENT_ID.MAPPING) return this.#map(event);
    if (event?.type === EVENT_ID.SEQUENCE) return this.#list(event);
    this.#odd = true;
    return undefined;
  }

  #scalar(event: ScalarEvent): YamlNode {
    const { valueStart, valueEnd, style } = event;
    if (valueStart === -1) return { type: 'scalar', plain: false, start: this.#end, end: this.#end };
    const block = style === SCALAR_STYLE.LITERAL_BLOCK || style === SCALAR_STYLE.FOLDED_BLOCK;
    const quote = block || style === SCALAR_STYLE.PLAIN ? 0 : 1;
    const start = valueStart - quote;
    const end = block ? this.#trimmedEnd(valueStart, valueEnd) : valueEnd + quote;
    this.#end = end;
    return { type: 'scalar', plain: !block && !this.#text.slice(start, end).includes('\n'), start, end };
  }

  #trimmedEnd(start: number, end: number): number {
    let at = end;
    while (at > start && this.#text[at - 1] === '\n') at -= 1;
    return at;
  }

  #map(event: Collection): YamlNode {
    const { flow, parts: entries } = this.#collection(event, '}', () => this.#entry());
    const start = flow ? event.start : (entries[0]?.start ?? event.start);
    return { type: 'map', flow, entries, start, end: this.#end };
  }

  #entry(): YamlEntry | undefined {
    const event = this.#take();
    if (event?.type !== EVENT_ID.SCALAR) {
      this.#odd = true;
      this.#next = this.#events.length;
      return undefined;
    }
    const { start, end } = this.#scalar(event);
    const colon = this.#text.indexOf(':', end);
    this.#end = colon === -1 ? end : colon + 1;
    const value = this.#node();
    return value && { key: getScalarValue(this.#text, event), start, value };
  }

  #list(event: Collection): YamlNode {
    const { flow, parts: items } = this.#collection(event, ']', () => this.#node());
    return { type: 'list', flow, items, start: event.start, end: this.#end };
  }

  /** All that stands in a map or list, whose bracket at the end is that of the flow style. */
  #collection<Part>(
    { start, style }: Collection,
    bracket: string,
    read: () => Part | undefined,
  ): { readonly flow: boolean; readonly parts: readonly Part[] } {
    this.#end = start;
    const parts: Part[] = [];
    while (!this.#ended()) {
      const part = read();
      if (part) parts.push(part);
    }
    const flow = style === COLLECTION_STYLE_FLOW;
    if (flow) this.#close(bracket, parts.length === 0);
    return { flow, parts };
  }

  /** Whether the collection ends here; its end is then taken. */
  #ended(): boolean {
    const event = this.#events[this.#next];
    if (event !== undefined && event.type !== EVENT_ID.POP) return false;
    this.#next += 1;
    return true;
  }

  /** Behind the last item of a flow only blanks, commas and comments stand before its end. */
  #close(bracket: string, empty: boolean): void {
    let at = empty ? this.#end + 1 : this.#end;
    for (; at < this.#text.length && this.#text[at] !== bracket; at += 1) {
      if (this.#text[at] !== '#') continue;
      const line = this.#text.indexOf('\n', at);
      at = line === -1 ? this.#text.length : line;
    }
    this.#end = Math.min(at + 1, this.#text.length);
  }
}
