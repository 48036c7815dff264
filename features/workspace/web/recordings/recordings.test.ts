import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ManualClock } from '@krateyard/telemetry/manual-clock';
import * as fc from 'fast-check';
import { readCast, type CastEvent } from '@krateyard/terminals/recordings/cast';
import { CastPlayer, type PlayScreen } from './cast-player.ts';
import { castText, searchCast } from './cast-search.ts';
import { sameMoment, timelineOf } from './timeline.ts';

const CAST = readCast(
  [
    '{"version":3,"term":{"cols":80,"rows":24}}',
    '[0, "m", "alice types"]',
    '[0.5, "o", "one "]',
    '[0.5, "r", "100x30"]',
    '[0, "o", "two "]',
    '[10, "o", "three "]',
    '[1, "x", "0"]',
    '',
  ].join('\n'),
);

class Screen implements PlayScreen {
  text = '';
  size = '';
  resets = 0;
  write(text: string): void {
    this.text += text;
  }
  reset(size: { rows: number; cols: number }): void {
    this.text = '';
    this.resets += 1;
    this.resize(size);
  }
  resize({ rows, cols }: { rows: number; cols: number }): void {
    this.size = `${cols}x${rows}`;
  }
}

function player() {
  const clock = new ManualClock();
  const screen = new Screen();
  return { clock, screen, player: new CastPlayer(CAST, screen, clock) };
}

test('[RC9] a recording is played at its own pace, with silences cut to 1.5 s', async () => {
  const { clock, screen, player: played } = player();
  assert.equal(played.state.get().durationMs, 3500);
  played.play();
  await clock.advance(499);
  assert.equal(screen.text, '');
  await clock.advance(1);
  assert.equal(screen.text, 'one ');
  await clock.advance(500);
  assert.deepEqual([screen.text, screen.size], ['one two ', '100x30']);
  await clock.advance(1500);
  assert.equal(screen.text, 'one two three ');
  await clock.advance(1000);
  assert.equal(played.state.get().playing, false);
  assert.equal(played.state.get().atMs, 3500);
  assert.equal(clock.pending, 0);
});

test('[RC9] speed changes while it plays, and silences may be played in full', async () => {
  const { clock, screen, player: played } = player();
  played.setSkipIdle(false);
  assert.equal(played.state.get().durationMs, 12_000);
  played.setSpeed(8);
  played.play();
  await clock.advance(1000);
  assert.equal(screen.text, 'one two ');
  played.setSpeed(0.5);
  await clock.advance(2000);
  assert.equal(Math.round(played.state.get().atMs), 9000);
  played.setSkipIdle(true);
  assert.equal(played.state.get().atMs, 2500);
  await clock.advance(10);
  assert.equal(screen.text, 'one two three ');
  played.pause();
  assert.equal(clock.pending, 0);
});

test('[RC9] seeking shows at any moment exactly what stood there then', () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: -100, max: 4000 }), { maxLength: 10 }), (moments) => {
      const { screen, player: played } = player();
      for (const moment of moments) {
        played.seek(moment);
        const due = timelineOf(CAST.events, true).filter(({ playMs }) => playMs <= Math.max(0, moment));
        const text = due.filter(({ code }) => code === 'o').map(({ data }) => data);
        assert.equal(screen.text, text.join(''));
        assert.equal(screen.size, due.some(({ code }) => code === 'r') ? '100x30' : '80x24');
      }
    }),
  );
});

test('[RC9] after the end it begins again', async () => {
  const { clock, screen, player: played } = player();
  played.seek(99_999);
  assert.equal(screen.text, 'one two three ');
  played.play();
  assert.deepEqual([screen.text, screen.resets], ['', 2]);
  await clock.advance(500);
  assert.equal(screen.text, 'one ');
  played.stop();
  assert.equal(clock.pending, 0);
});

test('[RC9] a moment is the same one with and without silences', () => {
  const [full, cut] = [timelineOf(CAST.events, false), timelineOf(CAST.events, true)];
  assert.equal(sameMoment(cut, full, 700), 700);
  assert.equal(sameMoment(full, cut, 11_500), 3000);
  assert.equal(sameMoment([], [], 5), 0);
});

const out = (data: string): CastEvent => ({ atMs: 0, code: 'o', data });

test('[RC10] text is found whatever its case, over pieces and colours, with its line', () => {
  const text = castText([
    out('\x1b[1;32mroot\x1b[0m# '),
    { atMs: 0, code: 'i', data: 'secret' },
    out('kub'),
    out('ectl\x1b]0;title\x07 get\r\nError: no\tsuch pod\r\n'),
  ]);
  assert.deepEqual(searchCast(text, 'KUBECTL'), [
    { event: 3, line: 'root# kubectl get', from: 6, length: 7 },
  ]);
  assert.deepEqual(
    searchCast(text, 'error').map(({ event, line }) => [event, line]),
    [[3, 'Error: nosuch pod']],
  );
  assert.deepEqual(searchCast(text, 'secret'), []);
  assert.deepEqual(searchCast(text, 'title'), []);
  assert.deepEqual(searchCast(text, ''), []);
});

test('[RC10] every match is in the text, and there are not too many', () => {
  fc.assert(
    fc.property(
      fc.array(fc.string({ maxLength: 10 })),
      fc.string({ minLength: 1, maxLength: 3 }),
      (parts, wanted) => {
        for (const { line, from, length } of searchCast(castText(parts.map(out)), wanted)) {
          assert.equal(line.slice(from, from + length).toLowerCase(), wanted.toLowerCase());
        }
      },
    ),
  );
  assert.equal(searchCast(castText([out('a'.repeat(10_000))]), 'a').length, 500);
});
