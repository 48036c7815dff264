import assert from 'node:assert/strict';
import { test } from 'node:test';
import { array, assert as check, property, string } from 'fast-check';
import { LineEditor } from './line-editor.ts';

function lineOf(keys: string, editor = new LineEditor()): string | undefined {
  editor.begin('$ ');
  const { event } = editor.feed(keys);
  return event?.is === 'line' ? event.text : undefined;
}

for (const [name, keys, line] of [
  ['plain', 'ls -l\r', 'ls -l'],
  ['backspace', 'lss\u007f\r', 'ls'],
  ['left and insert', 'la\u001b[Dx\r', 'lxa'],
  ['home and end', 'b\u0001a\u0005c\r', 'abc'],
  ['home and end keys', 'b\u001b[Ha\u001b[Fc\r', 'abc'],
  ['delete', 'abc\u001b[D\u001b[3~\r', 'ab'],
  ['Ctrl-U', 'wrong\u0015right\r', 'right'],
  ['Ctrl-W', 'git push origin\u0017\r', 'git push '],
  ['Ctrl-K', 'abc\u0001\u000b\r', ''],
  ['pasted text', '\u001b[200~echo a\u001b[201~\r', 'echo a'],
  ['wide characters', 'echo 日本🚢\u007f\r', 'echo 日本'],
  ['unknown sequences', 'a\u001b[15~b\u001b[1;5Cc\r', 'abc'],
] as const)
  test(`[SL80] edits a line: ${name}`, () => assert.equal(lineOf(keys), line));

test('[SL81] remembers lines, and the draft below them', () => {
  const editor = new LineEditor();
  lineOf('first\r', editor);
  lineOf('second\r', editor);
  assert.equal(lineOf('\u001b[A\u001b[A\r', editor), 'first');
  assert.equal(lineOf('dra\u001b[A\u001b[Bft\r', editor), 'draft');
});

test('[SL82] tells interrupts and the end of input', () => {
  const editor = new LineEditor();
  editor.begin('$ ');
  assert.deepEqual(editor.feed('abc\u0003').event, { is: 'interrupt' });
  editor.begin('$ ');
  assert.deepEqual(editor.feed('\u0004').event, { is: 'end' });
});

test('[SL83] survives any keys, and a sequence in two parts', () => {
  const editor = new LineEditor();
  editor.begin('$ ');
  editor.feed('ab\u001b');
  editor.feed('[Dx');
  assert.deepEqual(editor.feed('\r').event, { is: 'line', text: 'axb' });
  check(
    property(array(string({ unit: 'binary', maxLength: 40 })), (parts) => {
      const fuzzed = new LineEditor();
      fuzzed.begin('$ ');
      for (const part of parts) if (fuzzed.feed(part).event) fuzzed.begin('$ ');
    }),
  );
});
