import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { FeedEntry } from '../../contract/overview.ts';
import { groupRepeats, type FeedLine } from './overview-model.ts';

const NOW = Date.UTC(2026, 0, 1);

function line(id: string, secondsAgo: number, more: Partial<FeedEntry> = {}): FeedLine {
  const entry = {
    at: NOW - secondsAgo * 1000,
    type: 'Normal',
    kindName: 'Pod',
    namespace: 'shop',
    name: id,
    reason: 'Scheduled',
    message: `Successfully assigned shop/${id} to worker-1`,
    count: 1,
    ...more,
  } as FeedEntry;
  return { id, entry };
}

const shape = (lines: readonly FeedLine[]): string[] =>
  groupRepeats(lines).map((group) => group.lines.map(({ id }) => id).join(' '));

test('[OV14] what says the same of several objects is one line, also when other entries come between', () => {
  const lines = [
    line('web-1', 1),
    line('web-1 started', 2, { name: 'web-1', reason: 'Started', message: 'Started container web' }),
    line('web-2', 3, { message: 'Successfully assigned shop/web-2 to worker-2' }),
    line('web-2 started', 4, { name: 'web-2', reason: 'Started', message: 'Started container web' }),
  ];
  assert.deepEqual(shape(lines), ['web-1 web-2', 'web-1 started web-2 started']);
});

test('[OV14] another namespace, severity, text or time is another line', () => {
  assert.deepEqual(
    shape([
      line('a', 1),
      line('b', 2, { namespace: 'data' }),
      line('c', 3, { type: 'Warning' }),
      line('d', 4, { message: 'no node fits' }),
      line('e', 400),
    ]),
    ['a', 'b', 'c', 'd', 'e'],
  );
});

test('[OV14] a group keeps its place in the page while newer ones come on top of it', () => {
  const before = groupRepeats([line('web-5', 5), line('web-9', 9)]);
  const after = groupRepeats([line('web-1', 1), line('web-5', 5), line('web-9', 9)]);
  assert.equal(after[0]!.id, before[0]!.id);
});
