import assert from 'node:assert/strict';
import { beforeEach, test } from 'node:test';
import { dismissToast, toast, toasts } from './toasts.ts';

beforeEach(() => toasts.set([]));

const texts = (): string[] => toasts.get().map(({ text, count }) => (count > 1 ? `${text} ${count}` : text));

test('[UF11] the same line is counted, not repeated', () => {
  toast('bad', 'no');
  toast('warn', 'no');
  toast('bad', 'no');
  assert.deepEqual(texts(), ['no', 'no 2']);
  for (const { id } of toasts.get()) dismissToast(id);
  toast('bad', 'no');
  assert.deepEqual(texts(), ['no']);
});

test('[UF11] several of a group and a tone are one line, which leads to all of them', () => {
  const group = {
    name: 'tasks',
    text: (count: number) => `${count} tasks`,
    more: { text: 'all', run: () => {} },
  };
  const one = { text: 'this', run: () => {} };
  toast('bad', 'a failed', one, group);
  assert.equal(toasts.get()[0]!.more, one);
  for (const name of ['b', 'c']) toast('bad', `${name} failed`, one, group);
  toast('warn', 'd was stopped', one, group);
  assert.deepEqual(texts(), ['3 tasks 3', 'd was stopped']);
  assert.equal(toasts.get()[0]!.more, group.more);
});

test('[UF11] at most four stand; the oldest goes first', () => {
  for (const name of ['a', 'b', 'c', 'd', 'e']) toast('bad', name);
  assert.deepEqual(texts(), ['b', 'c', 'd', 'e']);
});
