import assert from 'node:assert/strict';
import { afterEach, test } from 'node:test';
import { formatClock, formatLocal, setTimeZone } from '../words/format-time.ts';
import { isTimeZone, readSettings, USUAL } from './settings.ts';

afterEach(() => setTimeZone(undefined));

test('[UF10] settings are read back; what makes no sense is as usual, alone', () => {
  const chosen = { theme: 'light', rowPx: 32, timeZone: 'Asia/Kathmandu', namespaces: ['a', 'b-2'] };
  assert.deepEqual(readSettings(JSON.stringify({ version: 1, ...chosen })), chosen);
  const odd = {
    version: 1,
    theme: 'pink',
    rowPx: 5,
    timeZone: 'Mars/Olympus',
    namespaces: ['A', '', 7, 'ok', '../x'],
  };
  assert.deepEqual(readSettings(JSON.stringify(odd)), { ...USUAL, namespaces: ['ok'] });
  for (const text of [null, '', '{', '[]', '7', '{"version":2,"rowPx":32}'])
    assert.deepEqual(readSettings(text), USUAL);
});

test('[UF10] times are told in the chosen zone, which is said where it is not the computer’s own', () => {
  assert.ok(isTimeZone('local') && isTimeZone('UTC') && isTimeZone('Europe/Berlin'));
  assert.ok(!isTimeZone('') && !isTimeZone('nowhere'));
  setTimeZone('Asia/Kathmandu');
  const [noon, hourLater] = [Date.parse('2026-03-01T12:00:00Z'), Date.parse('2026-03-01T13:00:00Z')];
  assert.equal(formatClock(noon, hourLater), '17:45');
  assert.match(formatLocal('2026-03-01T12:00:00Z'), /17:45:00 .*5:45/);
  assert.match(formatClock(noon, Date.parse('2026-03-01T18:30:00Z')), /2026/, 'another day there');
  setTimeZone('UTC');
  assert.equal(formatClock(noon, hourLater), '12:00');
  assert.throws(() => setTimeZone('nowhere'), RangeError);
});
