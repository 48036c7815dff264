import { isStatusError, StatusError, toStatus } from '@krateyard/status/status-error';
import type { TaskReport } from '@krateyard/tasks/task-board';
import { keyOfObject, type Action, type ActionCall, type Expectation } from './action.ts';
import { awaitExpectation } from './await-expectation.ts';
import { eachOf } from './each-of.ts';

/** Writes under way at once, and the pause between two of one lane: a bulk is no burst for the API server. */
const AT_ONCE = 4;
const PAUSE_MS = 20;
const MOST_CAUSES = 20;

interface Failure {
  readonly key: string;
  readonly error: unknown;
}

/** Asks for all, then waits until the watch shows each. One failure does not hold up the others; all are told at the end. */
export async function runTargets<Body>(
  action: Action<Body>,
  calls: readonly ActionCall[],
  body: Body,
  report: TaskReport,
): Promise<void> {
  const [only] = calls;
  if (calls.length === 1 && only) return runOne(action, only, body, report);
  const failures: Failure[] = [];
  const fails = (index: number, error: unknown): void => {
    const failed = calls[index]!;
    failed.signal.throwIfAborted();
    failures.push({ key: keyOfObject(failed), error });
    report.step(index, { state: 'failed', detail: toStatus(error).message });
  };
  const asked = await askAll(action, calls, body, report, fails);
  report.accepted(`0 of ${calls.length} are seen to have happened`);
  let seen = 0;
  await Promise.all(
    asked.map(async (expectation, index) => {
      if (!expectation) return;
      const onWhy = (why: string): void => report.step(index, { state: 'running', detail: why });
      try {
        const message = await awaitExpectation({ ...calls[index]!, expectation, onWhy });
        report.step(index, { state: 'done', detail: message ?? '' });
        report.message(`${(seen += 1)} of ${calls.length} are seen to have happened`);
      } catch (error) {
        fails(index, error);
      }
    }),
  );
  if (failures.length > 0) throw together(failures, calls.length);
}

async function runOne<Body>(
  action: Action<Body>,
  call: ActionCall,
  body: Body,
  report: TaskReport,
): Promise<void> {
  if (action.run) return action.run(call, body, report);
  const expectation = await action.ask(call, body);
  report.accepted();
  const message = await awaitExpectation({ ...call, expectation, onWhy: (why) => report.message(why) });
  report.message(message ?? '');
}

async function askAll<Body>(
  action: Action<Body>,
  calls: readonly ActionCall[],
  body: Body,
  report: TaskReport,
  fails: (index: number, error: unknown) => void,
): Promise<(Expectation | undefined)[]> {
  const asked: (Expectation | undefined)[] = calls.map(() => undefined);
  await eachOf(calls, AT_ONCE, async (call, index) => {
    call.signal.throwIfAborted();
    report.step(index, { state: 'running', detail: 'Asking the API server' });
    try {
      asked[index] = await action.ask(call, body);
    } catch (error) {
      fails(index, error);
    }
    await call.deps.clock.sleep(PAUSE_MS * (0.5 + call.deps.clock.random()), call.signal);
  });
  return asked;
}

/** The first failure's reason stands for all; each is among the causes, up to a bound. */
function together(failures: readonly Failure[], total: number): StatusError {
  const [first] = failures;
  const reason = isStatusError(first?.error) ? first.error.reason : 'InternalError';
  const { message } = toStatus(first?.error);
  return new StatusError(reason, `${failures.length} of ${total} failed. ${first?.key}: ${message}`, {
    details: {
      causes: failures.slice(0, MOST_CAUSES).map(({ key, error }) => ({
        field: key,
        message: toStatus(error).message,
        reason: toStatus(error).reason,
      })),
    },
  });
}
