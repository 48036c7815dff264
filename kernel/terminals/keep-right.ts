import type { AccessAnswer, AccessQuestion, AccessReview } from '@krateyard/auth/access';
import type { Member } from './member.ts';
import type { Terminal } from './terminal.ts';

/** All questions must stay allowed: whoever loses the right to be there loses their part in it, the owner all of it. */
export async function keepRight<Place extends object>(
  access: AccessReview,
  terminal: Terminal<Place>,
  member: Member,
  questions: readonly AccessQuestion[],
  signal: AbortSignal,
): Promise<void> {
  const rights = await Promise.all(
    questions.map((question) => access.liveAnswer(member.principal, question, signal)),
  );
  const look = ({ allowed }: AccessAnswer): void => {
    if (!allowed) terminal.remove(member, 'right-lost');
  };
  terminal.guard(member, {
    [Symbol.dispose]: () => {
      for (const right of rights) right[Symbol.dispose]();
    },
  });
  for (const right of rights) {
    right.onChange(look);
    look(right.current());
  }
}
