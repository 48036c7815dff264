/**
 * The vocabulary of status on every screen, worst first: this order sorts columns and wakes people up.
 * Which colour and shape each has is the console's business.
 */
export const STATUS_WORDS = ['Failed', 'Pending', 'Unknown', 'Running', 'Stopped'] as const;
export type StatusWord = (typeof STATUS_WORDS)[number];

/** A status as a cell: the object's own word (`CrashLoopBackOff`) and the one of the vocabulary that it belongs to. */
export interface StatusCell {
  readonly word: StatusWord;
  readonly text: string;
}

/** 0 is worst. */
export function statusRank(word: StatusWord): number {
  return STATUS_WORDS.indexOf(word);
}
