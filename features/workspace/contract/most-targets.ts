/** More in one request of an action are refused: a slip of the hand stays bounded. */
export const MOST_TARGETS = 500;
