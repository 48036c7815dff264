import type { LiveSource } from './live-source.ts';
import { Store } from './store.ts';

/** An object that a page has open. */
export interface ObjectPlace {
  readonly kind: string;
  readonly namespace: string | undefined;
  readonly name: string;
}

/** Somebody else who has it open, too. */
export interface PersonHere {
  readonly name: string;
  /** ISO 8601. */
  readonly since: string;
}

/** The topic of an object on the console's socket; the room's wire says it in its own way. */
export const PRESENT_TOPIC = 'present ';

export const presentTopic = ({ kind, namespace, name }: ObjectPlace): string =>
  `${PRESENT_TOPIC}${JSON.stringify([kind, namespace ?? '', name])}`;

/** Undefined for every other topic. */
export function placeOfTopic(topic: string): ObjectPlace | undefined {
  if (!topic.startsWith(PRESENT_TOPIC)) return undefined;
  const [kind = '', namespace = '', name = ''] = JSON.parse(topic.slice(PRESENT_TOPIC.length)) as string[];
  return { kind, namespace: namespace === '' ? undefined : namespace, name };
}

/** Who else has open what this page has open; for the top bar. */
export const peopleHere = new Store<readonly PersonHere[]>([]);

/** Follows who else has the object open; the disposer ends it. */
export function followPeople(source: LiveSource, place: ObjectPlace): () => void {
  const stop = source.follow(presentTopic(place), (news) => peopleHere.set(news as readonly PersonHere[]));
  return () => {
    stop();
    peopleHere.set([]);
  };
}
