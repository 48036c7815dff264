import {
  COLLECTION_STYLE_FLOW,
  EVENT_ID,
  getScalarValue,
  parseEvents,
  SCALAR_STYLE,
  type Event,
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
  const events = parseEvents(text, {});
  const reader = new TreeReader(text, events);
  return reader.document();
}

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

  #scalar(event: Extract<Event, { type: typeof EVENT_ID.SCALAR }>): YamlNode {
    const { valueStart, valueEnd, style, tagStart, anchorStart } = event;
    if (tagStart !== -1 || anchorStart !== -1) this.#odd = true;
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

  #map(event: Extract<Event, { type: typeof EVENT_ID.MAPPING }>): YamlNode {
    const { start, style, tagStart, anchorStart } = event;
    if (tagStart !== -1 || anchorStart !== -1) this.#odd = true;
    this.#end = start;
    const entries: YamlEntry[] = [];
    while (!this.#ended()) {
      const entry = this.#entry();
      if (entry) entries.push(entry);
    }
    const flow = style === COLLECTION_STYLE_FLOW;
    if (flow) this.#close('}', entries.length === 0);
    return { type: 'map', flow, entries, start: flow ? start : (entries[0]?.start ?? start), end: this.#end };
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

  #list(event: Extract<Event, { type: typeof EVENT_ID.SEQUENCE }>): YamlNode {
    const { start, style, tagStart, anchorStart } = event;
    if (tagStart !== -1 || anchorStart !== -1) this.#odd = true;
    this.#end = start;
    const items: YamlNode[] = [];
    while (!this.#ended()) {
      const item = this.#node();
      if (item) items.push(item);
    }
    const flow = style === COLLECTION_STYLE_FLOW;
    if (flow) this.#close(']', items.length === 0);
    return { type: 'list', flow, items, start, end: this.#end };
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
