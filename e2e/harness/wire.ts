/** JSON as the wire gives it: the proof asserts on it, so it must not be typed by the code that it proves. */
// oxlint-disable-next-line typescript/no-explicit-any -- as said above
export type Wire = any;
