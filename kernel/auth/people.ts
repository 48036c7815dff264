import type { Principal } from './principal.ts';

/** Somebody of the embedded cluster, offered on the sign-in page: whoever can open that page may be them. */
export interface Person {
  readonly name: string;
  /** One line on what they may do. */
  readonly about: string;
  /** Who they are to the API server; undefined once it does not know them any more. */
  readonly principal: () => Principal | undefined;
}
