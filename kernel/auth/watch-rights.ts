import type { AccessAnswer, AccessQuestion, AccessReview, LiveAnswer } from './access.ts';
import type { Principal } from './principal.ts';

/**
 * Calls back whenever one of the questions is not allowed: the first time before it resolves, where that is so now. Rejects with
 * StatusError when it cannot be told; nothing is watched then.
 */
export async function watchRights(
  access: AccessReview,
  who: Principal,
  questions: readonly AccessQuestion[],
  onLost: () => void,
  signal?: AbortSignal,
): Promise<Disposable> {
  const asked = await Promise.allSettled(
    questions.map((question) => access.liveAnswer(who, question, signal)),
  );
  const rights: LiveAnswer[] = [];
  for (const one of asked) if (one.status === 'fulfilled') rights.push(one.value);
  const watched = {
    [Symbol.dispose]: (): void => {
      for (const right of rights) right[Symbol.dispose]();
    },
  };
  for (const one of asked) {
    if (one.status === 'fulfilled') continue;
    watched[Symbol.dispose]();
    throw one.reason;
  }
  const look = ({ allowed }: AccessAnswer): void => {
    if (!allowed) onLost();
  };
  for (const right of rights) {
    right.onChange(look);
    look(right.current());
  }
  return watched;
}
