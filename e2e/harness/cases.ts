import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { openTarget, type Target } from './target.ts';
import type { TargetOptions } from './target-source.ts';

export interface CaseOptions {
  /**
   * Id of a row of "Known differences" in sandbox/README.md: the sandbox knowingly fails this case. There it runs inverted,
   * so that a row which no longer holds fails the suite. `differences.test.ts` checks ids and rows both ways.
   */
  readonly differs?: string;
  /** A reason to skip the case on this target, found out beforehand; undefined runs it. */
  readonly skip?: string | undefined;
  readonly deadlineMs?: number;
}

export type Case = (name: string, body: () => Promise<void>, options?: CaseOptions) => void;

export interface SuiteOptions extends TargetOptions {
  /** How many cases run side by side: they mostly wait. Default 6; 1 where they touch the same objects. */
  readonly concurrency?: number;
  /** Once before its cases: what they need, so that each of them runs alone as well. */
  readonly before?: () => Promise<void>;
}

/** Opens the target of this process, which closes after the last test. For the top level of a test file. */
export async function suiteTarget(options: TargetOptions = {}): Promise<Target> {
  const target = await openTarget(options);
  after(() => target.close());
  return target;
}

/** A named group of cases on one target. */
export function cases(
  name: string,
  target: Target,
  define: (it: Case) => void,
  options: SuiteOptions = {},
): void {
  describe(name, { concurrency: options.concurrency ?? 6 }, () => {
    if (options.before) before(options.before);
    define((title, body, how = {}) => {
      const inverted = how.differs !== undefined && target.kind === 'sandbox';
      const timeout = how.deadlineMs ?? 60_000;
      test(
        inverted ? `${title} (known difference: ${how.differs})` : title,
        { skip: how.skip ?? false, timeout },
        () => (inverted ? mustFail(how.differs ?? '', body) : body()),
      );
    });
  });
}

async function mustFail(row: string, body: () => Promise<void>): Promise<void> {
  await assert.rejects(
    body,
    `the sandbox passes this now: take the row "${row}" out of its README and of the case`,
  );
}
