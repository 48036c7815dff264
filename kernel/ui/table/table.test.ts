import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as fc from 'fast-check';
import { growLengths, layoutColumns } from './column-layout.ts';
import { rowRange, scrolledTo } from './row-range.ts';
import { nextSort, type TableColumn } from './table-column.ts';
import { nextWindow, WINDOW_ROWS, type Range } from './table-window.ts';

test('[UI17] the window stays while what is loaded will do', () => {
  const window = { offset: 0, limit: WINDOW_ROWS };
  assert.equal(nextWindow(window, 0, 40, 10_000), undefined);
  assert.equal(nextWindow(window, 140, 180, 10_000), undefined);
  assert.equal(nextWindow(window, 200, 239, 240), undefined);
  assert.deepEqual(nextWindow(window, 150, 190, 10_000), { offset: 40, limit: WINDOW_ROWS });
  assert.deepEqual(nextWindow({ offset: 5000, limit: WINDOW_ROWS }, 0, 40, 10_000), window);
});

test('[UI17] wherever the person scrolls, one move loads it and a second is not asked for', () => {
  const rows = fc.integer({ min: 0, max: 100_000 });
  fc.assert(
    fc.property(rows, rows, fc.integer({ min: 1, max: 80 }), (start, top, height) => {
      const total = 100_000;
      const first = Math.min(top, total - height);
      const last = first + height - 1;
      const before: Range = { offset: Math.floor(start / 20) * 20, limit: WINDOW_ROWS };
      const after = nextWindow(before, first, last, total) ?? before;
      assert.ok(after.offset <= first && last < after.offset + after.limit);
      assert.equal(after.offset % 20, 0);
      assert.equal(nextWindow(after, first, last, total), undefined);
    }),
  );
});

test('[UI33] rows on screen are in the page with some around them, and most steps of a scroll change none', () => {
  const px = fc.integer({ min: 0, max: 300_000 });
  fc.assert(
    fc.property(
      px,
      fc.integer({ min: 1, max: 2160 }),
      fc.integer({ min: 1, max: 10_000 }),
      (top, height, total) => {
        const { first, end } = rowRange(top, height, 28, total);
        const upper = Math.floor(top / 28);
        const lower = Math.ceil((top + height) / 28);
        assert.ok(first >= 0 && end <= total && first < end);
        assert.ok(first === 0 || first <= Math.min(upper, total - 1) - 8);
        assert.ok(end === total || end >= lower + 8);
        assert.ok(end - first <= height / 28 + 34);
      },
    ),
  );
  const ranges = Array.from({ length: 100 }, (_, step) =>
    JSON.stringify(rowRange(step * 40, 812, 28, 10_000)),
  );
  assert.ok(new Set(ranges).size < 40);
  assert.deepEqual(rowRange(0, 0, 28, 10_000), { first: 0, end: 0 });
  assert.deepEqual(rowRange(0, 812, 28, 0), { first: 0, end: 0 });
});

test('[UI33] a row is scrolled to only as far as it takes to show it below the head', () => {
  const at = { topPx: 280, heightPx: 308, rowPx: 28, headPx: 28 };
  assert.equal(scrolledTo(10, at), 280);
  assert.equal(scrolledTo(19, at), 280);
  assert.equal(scrolledTo(9, at), 252);
  assert.equal(scrolledTo(20, at), 308);
  assert.equal(scrolledTo(0, at), 0);
  assert.equal(scrolledTo(0, { ...at, topPx: 5 }), 0);
});

const column = (name: string, priority = 0): TableColumn => ({ name, title: name, type: 'text', priority });

test('[UI18] wide columns show from the left while there is room', () => {
  const columns = [column('name'), column('node', 1), column('ip', 1), column('age')];
  const lengths = [20, 20, 10, 4];
  assert.deepEqual(layoutColumns(columns, lengths, 300).visible, [0, 3]);
  assert.deepEqual(layoutColumns(columns, lengths, 500).visible, [0, 1, 3]);
  assert.deepEqual(layoutColumns(columns, lengths, 900).visible, [0, 1, 2, 3]);
  assert.deepEqual(layoutColumns(columns, [20, 0, 10, 4], 900).visible, [0, 2, 3]);
});

test('[UI18] where room is short texts give way in proportion; long texts share what is left', () => {
  const columns = [column('name'), column('object'), column('message')];
  const lengths = [60, 10, 200];
  const template = (px: number): string => layoutColumns(columns, lengths, px).template;
  assert.equal(template(2000), 'minmax(320px, 1fr) 106px minmax(320px, 2fr)');
  assert.equal(template(582), 'minmax(257px, 1fr) 106px minmax(210px, 2fr)');
});

test('[UI18] what does not fit at all goes from the right, never name, status and the last', () => {
  const status: TableColumn = { ...column('status'), type: 'status' };
  const columns = [column('name'), column('namespace'), status, column('node'), column('age')];
  const lengths = [20, 12, 16, 12, 6];
  assert.deepEqual(layoutColumns(columns, lengths, 700).visible, [0, 1, 2, 3, 4]);
  assert.deepEqual(layoutColumns(columns, lengths, 600).visible, [0, 1, 2, 4]);
  assert.deepEqual(layoutColumns(columns, lengths, 460).visible, [0, 2, 4]);
  assert.deepEqual(layoutColumns(columns, lengths, 100).visible, [0, 2, 4]);
});

test('[UI18] where no text is long, names and texts share what is left', () => {
  const columns = [column('name'), column('node'), { ...column('age'), type: 'date' as const }];
  assert.equal(
    layoutColumns(columns, [20, 10, 5], 900).template,
    'minmax(220px, 3fr) minmax(106px, 1fr) 64px',
  );
});

test('[UI18] the column that names the row keeps its room wherever it stands', () => {
  const columns = [column('seen'), { ...column('object'), lead: true }, column('message')];
  const layout = layoutColumns(columns, [5, 30, 200], 900);
  assert.deepEqual(layout.visible, [0, 1, 2]);
  assert.equal(layout.template, '69px minmax(254px, 1fr) minmax(320px, 2fr)');
  assert.deepEqual(layoutColumns([...columns, column('count')], [5, 30, 200, 4], 340).visible, [0, 1, 3]);
});

test('[UI18] widths grow with what was seen and never shrink', () => {
  const seen = growLengths([3, 9], [['abcd', 'x']]);
  assert.deepEqual(seen, [4, 9]);
  assert.equal(growLengths(seen, [['a', 'b']]), seen);
});

test('[UI19] a header sorts up, then down, then by the default', () => {
  assert.equal(nextSort(undefined, 'status', 'age'), 'age');
  assert.equal(nextSort('age', 'status', 'age'), '-age');
  assert.equal(nextSort('-age', 'status', 'age'), undefined);
  assert.equal(nextSort('-age', 'status', 'name'), 'name');
  assert.equal(nextSort('name', 'status', 'status'), undefined);
  assert.equal(nextSort(undefined, 'status', 'status'), '-status');
  assert.equal(nextSort('-status', 'status', 'status'), undefined);
  assert.equal(nextSort(undefined, '-seen', 'seen'), 'seen');
  assert.equal(nextSort('seen', '-seen', 'seen'), undefined);
});

test('[UI19] where most is looked for, a header sorts down, then up, then by the default', () => {
  assert.equal(nextSort(undefined, 'status', '-used'), '-used');
  assert.equal(nextSort('-used', 'status', '-used'), 'used');
  assert.equal(nextSort('used', 'status', '-used'), undefined);
});
