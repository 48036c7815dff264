import type { AccessQuestion, AccessReview } from '@krateyard/auth/access';
import { watchRights } from '@krateyard/auth/watch-rights';
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
  const lost = (): void => terminal.remove(member, 'right-lost');
  terminal.guard(member, await watchRights(access, member.principal, questions, lost, signal));
}
