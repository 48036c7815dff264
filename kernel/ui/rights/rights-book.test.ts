import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { AccessCheck } from './access-check.ts';
import { RightsBook } from './rights-book.ts';

const check = (resource: string): AccessCheck => ({ verb: 'delete', group: '', resource });

function setUp() {
  const asked: string[][] = [];
  const state = { now: 0, fail: false, allowed: new Set(['pods']) };
  const later: (() => void)[] = [];
  const book = new RightsBook({
    ask: async (checks) => {
      asked.push(checks.map(({ resource }) => resource));
      if (state.fail) throw new Error('unreachable');
      const answers = checks.map(({ resource }) => ({
        allowed: state.allowed.has(resource),
        reason: state.allowed.has(resource) ? '' : `no ${resource}`,
      }));
      return { answers };
    },
    now: () => state.now,
    soon: (run) => later.push(run),
  });
  const settle = async (): Promise<void> => {
    for (const run of later.splice(0)) run();
    await new Promise((resolve) => setImmediate(resolve));
  };
  return { asked, state, book, settle };
}

test('[AC2] questions of one moment go together, once, and the answers are told', async () => {
  const { book, asked, settle } = setUp();
  let told = 0;
  book.subscribe(() => (told += 1));
  assert.deepEqual(book.right(check('pods')), { state: 'unknown' });
  book.right(check('nodes'));
  book.right(check('pods'));
  await settle();
  assert.deepEqual(asked, [['pods', 'nodes']]);
  assert.deepEqual(book.right(check('pods')), { state: 'allowed' });
  assert.deepEqual(book.right(check('nodes')), { state: 'refused', reason: 'no nodes' });
  await settle();
  assert.deepEqual([asked.length, told], [1, 1]);
});

test('[AC2] old answers stand until new ones come; a failure leaves it to the API server', async () => {
  const { book, asked, state, settle } = setUp();
  book.right(check('pods'));
  await settle();
  state.now = 20_001;
  state.allowed.clear();
  assert.deepEqual(book.right(check('pods')), { state: 'allowed' });
  await settle();
  assert.deepEqual(book.right(check('pods')), { state: 'refused', reason: 'no pods' });
  state.now = 60_000;
  state.fail = true;
  book.right(check('pods'));
  await settle();
  assert.deepEqual(book.right(check('pods')), { state: 'unknown' });
  assert.equal(asked.length, 3);
});

test('[AC2] what is known is bounded, and asked in batches of a hundred', async () => {
  const { book, asked, settle } = setUp();
  for (let index = 0; index < 2_050; index += 1) book.right(check(`r${index}`));
  await settle();
  await settle();
  assert.deepEqual([...new Set(asked.map(({ length }) => length))], [100, 50]);
  assert.deepEqual(book.right(check('r2049')), { state: 'refused', reason: 'no r2049' });
  assert.deepEqual(book.right(check('r0')), { state: 'unknown' });
});
