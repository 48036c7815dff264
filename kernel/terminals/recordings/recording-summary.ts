import { Type, type Static } from 'typebox';

/** What was recorded: a process in a container (pod, container, command), or a machine's serial console (vm). */
export const RecordedPlace = Type.Object({
  namespace: Type.String(),
  pod: Type.Optional(Type.String()),
  container: Type.Optional(Type.String()),
  command: Type.Optional(Type.Array(Type.String())),
  vm: Type.Optional(Type.String()),
});
export type RecordedPlace = Static<typeof RecordedPlace>;

/** One of `GET /api/recordings`; the cast itself is `GET /api/recordings/{id}` (asciicast v3, `application/x-asciicast`). */
export const RecordingSummary = Type.Object({
  id: Type.String(),
  ...RecordedPlace.properties,
  /** Whose shell it was; a serial console is nobody's own. */
  owner: Type.Optional(Type.String()),
  participants: Type.Array(Type.String()),
  startedAt: Type.String(),
  endedAt: Type.Optional(Type.String()),
  seconds: Type.Number(),
  bytes: Type.Integer(),
  /** The recording stopped at its bound, or could not be written any more. */
  truncated: Type.Boolean(),
  /** Who asked for it; absent where the rule of the namespace did. */
  by: Type.Optional(Type.String()),
  /** Made by the rule of the namespace: its owner alone may not remove it. */
  policy: Type.Optional(Type.Boolean()),
});
export type RecordingSummary = Static<typeof RecordingSummary>;
export const RecordingList = Type.Object({ items: Type.Array(RecordingSummary) });
export type RecordingList = Static<typeof RecordingList>;

export const isConsole = ({ vm }: RecordedPlace): boolean => vm !== undefined;

/** The pod's name, or the machine's. */
export const nameOfRecorded = ({ pod, vm }: RecordedPlace): string => vm ?? pod ?? '';

/** What of it was recorded, in a word or two; '' for a machine, which has one console. */
export const partOfRecorded = ({ container = '' }: RecordedPlace): string => container;
