import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as fc from 'fast-check';
import { parseAnsi, plainText } from './ansi.ts';
import { cellsOf } from './text-cells.ts';

const textOf = (line: string): string =>
  parseAnsi(line)
    .map(({ text }) => text)
    .join('');

test('[LV7] colours and marks of "select graphic rendition"', () => {
  assert.deepEqual(parseAnsi('a \u001B[1;31mred\u001B[0m b'), [
    { text: 'a ', style: {} },
    { text: 'red', style: { bold: true, fg: 1 } },
    { text: ' b', style: {} },
  ]);
  const style = (codes: string) => parseAnsi(`\u001B[${codes}mx`)[0]!.style;
  assert.deepEqual(style('97;104'), { fg: 15, bg: 12 });
  assert.deepEqual(style('38;5;9'), { fg: 9 });
  assert.deepEqual(style('38;5;196'), { fg: '#ff0000' });
  assert.deepEqual(style('48;5;232'), { bg: '#080808' });
  assert.deepEqual(style('38;2;1;2;255;4'), { fg: '#0102ff', underline: true });
  assert.deepEqual(style('1;2;3;4;7;9'), {
    bold: true,
    dim: true,
    italic: true,
    underline: true,
    inverse: true,
    strike: true,
  });
  assert.deepEqual(style('1;3;31;41;22;23;39;49'), {});
  assert.deepEqual(style('38;5;999'), {});
  assert.deepEqual(style(''), {});
});

test('[LV7] other sequences are left out, and what has no picture gets one', () => {
  assert.equal(textOf('a\u001B[2Kb\u001B]0;title\u0007c\u001B]8;;http://x\u001B\\d\u001B(Be'), 'abcde');
  assert.equal(textOf('cut \u001B[3'), 'cut ');
  assert.equal(textOf('cut \u001B'), 'cut ');
  assert.equal(textOf('a\tb\u0000c\rd\u007Fe\u009Bf'), 'a\tb␀c␍d␡e�f');
});

test('[LV7] any text parses; nothing that is seen is lost, nothing that cannot be seen is left', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 200 }), (line) => {
      const shown = textOf(line);
      assert.equal(shown, plainText(line));
      // oxlint-disable-next-line no-control-regex -- what must not be there
      assert.doesNotMatch(shown, /[\u0000-\u0008\u000A-\u001F\u007F-\u009F]/);
      assert.equal(plainText(shown), shown);
    }),
    { numRuns: 2000 },
  );
});

test('[LV7] sequences anywhere in a text leave the text', () => {
  const word = fc.stringMatching(/^[ -~äß漢🚀]{0,12}$/u);
  const sequence = fc.oneof(
    fc.array(fc.nat(120), { maxLength: 6 }).map((codes) => `\u001B[${codes.join(';')}m`),
    fc.constantFrom('\u001B[2J', '\u001B[10;20H', '\u001B]0;a title\u0007', '\u001BM', '\u001B[?25l'),
  );
  fc.assert(
    fc.property(fc.array(fc.tuple(word, sequence)), (parts) => {
      const line = parts.map(([text, escape]) => text + escape).join('');
      assert.equal(textOf(line), parts.map(([text]) => text).join(''));
    }),
    { numRuns: 1000 },
  );
});

test('[LV9] columns: wide letters take two, marks on letters none, colours none, tabs go to the next stop', () => {
  assert.equal(cellsOf('plain'), 5);
  assert.equal(cellsOf('漢字'), 4);
  assert.equal(cellsOf('e\u0301'), 1);
  assert.equal(cellsOf('\u001B[31mred\u001B[0m'), 3);
  assert.equal(cellsOf('a\tb'), 9);
  assert.equal(cellsOf('🚀'), 2);
});
