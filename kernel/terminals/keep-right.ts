import type { AccessAnswer, AccessQuestion, AccessReview } from '@krateyard/auth/access';
import type { Member } from './member.ts';
import type { Terminal } from './terminal.ts';

/** Whoever loses the right to be there loses their part in it, the owner all of it. */
export async function keepRight<Place extends object>(
  access: AccessReview,
  terminal: Terminal<Place>,
  member: Member,
  question: AccessQuestion,
  signal: AbortSignal,
): Promise<void> {
  const right = await access.liveAnswer(member.principal, question, signal);
  const look = ({ allowed }: AccessAnswer): void => {
    if (!allowed) terminal.remove(member, 'right-lost');
  };
  right.onChange(look);
  terminal.guard(member, right);
  look(right.current());
}
