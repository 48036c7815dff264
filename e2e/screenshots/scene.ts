import type { Page } from 'playwright-core';
import type { GatewayProcess } from '../harness/gateway-process.ts';

/** One state of the console that is to be looked at. */
export interface Scene {
  /** The beginning of its pictures' names, and what it is chosen by. */
  readonly name: string;
  /** Who is signed in: one of the embedded cluster's people; nobody without. */
  readonly person?: string;
  /** Where the page begins. */
  readonly path?: string;
  /** Brings the page to what is to be seen. */
  readonly stage?: (page: Page, gateway: GatewayProcess) => Promise<void>;
  /** Needs a gateway of its own, as it is killed. */
  readonly kills?: boolean;
}
