import messages from './messages.gen.json' with { type: 'json' };

/** One field of a message type, with the name that it has in JSON. */
export interface MessageField {
  readonly name: string;
  /** `s` text, `i` integer, `b` boolean, `y` bytes, `d` double, else the name of a message type. */
  readonly type: string;
  readonly shape: 'one' | 'list' | 'map';
  /** A pointer in Go: its zero is a value. Zeros of other fields mean "absent". */
  readonly pointer: boolean;
  /** Its fields stand in the outer object in JSON. */
  readonly inline: boolean;
}

export type MessageType = ReadonlyMap<number, MessageField>;

const types = new Map<string, MessageType>();

/** A message type of Kubernetes' API by its short name (`core.v1.Pod`, `meta.ObjectMeta`); undefined when there is none. */
export function messageType(name: string): MessageType | undefined {
  const known = types.get(name);
  if (known) return known;
  const text = (messages as Record<string, string>)[name];
  if (text === undefined) return undefined;
  const type = new Map(
    text
      .split(',')
      .filter((field) => field !== '')
      .map(parseField),
  );
  types.set(name, type);
  return type;
}

/** `11% labels s`: number, marks (`*` pointer, `^` inline, `+` list, `%` map), JSON name, type. */
function parseField(text: string): [number, MessageField] {
  const [head = '', name = '', type = ''] = text.split(' ');
  const shape = head.includes('+') ? 'list' : head.includes('%') ? 'map' : 'one';
  const field = { name, type, shape, pointer: head.includes('*'), inline: head.includes('^') } as const;
  return [Number.parseInt(head, 10), field];
}
