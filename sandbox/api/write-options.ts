import type { UserInfo } from './user.ts';

/** How a write is to be done, read from the query or given by a local caller. */
export interface WriteOptions {
  readonly user: UserInfo;
  /** Everything is checked and answered, nothing is stored. */
  readonly dryRun: boolean;
  /** Stands in `managedFields`. */
  readonly fieldManager: string;
  readonly fieldValidation: 'Ignore' | 'Warn' | 'Strict';
  /** Collects what the client is to be warned of (`Warning` headers). */
  readonly warnings: string[];
}

/** Which object of a resource; '' is the namespace of cluster-scoped ones. */
export interface ObjectName {
  readonly namespace: string;
  readonly name: string;
}
