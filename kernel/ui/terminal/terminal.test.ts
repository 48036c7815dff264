import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as fc from 'fast-check';
import { pasteExcerpt, pasteOf } from './paste-text.ts';
import { controlled, keySequence, terminalCommand, type TerminalPress } from './terminal-keys.ts';
import { USUAL_SETTINGS, validSettings } from './terminal-settings.ts';

const press = (key: string, held: Partial<TerminalPress> = {}): TerminalPress => ({
  type: 'keydown',
  key,
  ctrlKey: false,
  metaKey: false,
  shiftKey: false,
  altKey: false,
  ...held,
});

test('[TM10] only copying, pasting, searching, the text size and leaving are kept from the program', () => {
  const shifted = { ctrlKey: true, shiftKey: true };
  assert.equal(terminalCommand(press('C', shifted)), 'copy');
  assert.equal(terminalCommand(press('v', { metaKey: true, shiftKey: true })), 'paste');
  assert.equal(terminalCommand(press('F', shifted)), 'find');
  assert.equal(terminalCommand(press('=', { ctrlKey: true })), 'larger');
  assert.equal(terminalCommand(press('+', shifted)), 'larger');
  assert.equal(terminalCommand(press('-', { metaKey: true })), 'smaller');
  assert.equal(terminalCommand(press('0', { ctrlKey: true })), 'usual-size');
  assert.equal(terminalCommand(press('F6', { ctrlKey: true })), 'leave');
  for (const key of ['c', 'v', 'k', 'w', 'r', 'd', 'z', 'l', ' ']) {
    assert.equal(terminalCommand(press(key, { ctrlKey: true })), undefined, `Ctrl ${key} is the program's`);
  }
  for (const key of ['F6', 'Tab', 'Escape', '0', '-', 'C']) {
    assert.equal(terminalCommand(press(key)), undefined, `${key} is the program's`);
  }
  assert.equal(terminalCommand(press('-', { ctrlKey: true, altKey: true })), undefined);
});

test('[TM11] keys on the screen send what a keyboard sends, arrows as the program wants them', () => {
  assert.equal(keySequence('Escape', false), '\x1b');
  assert.equal(keySequence('Tab', false), '\t');
  assert.equal(keySequence('ArrowUp', false), '\x1b[A');
  assert.equal(keySequence('ArrowLeft', true), '\x1bOD');
  assert.equal(keySequence('|', true), '|');
});

test('[TM11] Ctrl for the next key makes its control byte', () => {
  assert.deepEqual(['c', 'C', 'd', '[', '_', ' ', '?'].map(controlled), [
    '\x03',
    '\x03',
    '\x04',
    '\x1b',
    '\x1f',
    '\0',
    '\x7f',
  ]);
  assert.equal(controlled('é'), 'é');
  assert.equal(controlled('1'), '1');
});

test('[TM12] a paste of several lines is known as such, a trailing line end is not one more', () => {
  assert.equal(pasteOf('ls').lines, 1);
  assert.equal(pasteOf('ls\n').lines, 1);
  assert.equal(pasteOf('ls\r\nrm -rf x\r\n').lines, 2);
  assert.equal(pasteOf('').lines, 1);
});

test('[TM12] control characters never get from the clipboard into the shell', () => {
  const sneaky = pasteOf('echo ok\x1b[201~\rrm -rf /\x03');
  assert.equal(sneaky.text, 'echo ok[201~\nrm -rf /');
  assert.equal(sneaky.removed, 2);
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (clipboard) => {
      const { text } = pasteOf(clipboard);
      // oxlint-disable-next-line no-control-regex -- these are what must not be there
      assert.doesNotMatch(text, /[\0-\x08\x0b-\x1f\x7f-\x9f]/);
    }),
  );
});

test('[TM12] what is shown of a paste is short whatever the paste is', () => {
  const lines = pasteExcerpt(pasteOf(`${'x'.repeat(10_000)}\n`.repeat(1000)));
  assert.equal(lines.length, 12);
  assert.ok(lines.every((line) => line.length <= 201));
});

test('[TM13] settings that were stored wrongly are as usual, sizes stay within bounds', () => {
  assert.deepEqual(validSettings(null), USUAL_SETTINGS);
  assert.deepEqual(validSettings({ fontSize: 'big', copyOnSelect: 1, renderer: 'x' }), USUAL_SETTINGS);
  assert.equal(validSettings({ fontSize: 100 }).fontSize, 32);
  assert.equal(validSettings({ fontSize: -1 }).fontSize, 8);
  assert.equal(validSettings({ fontSize: NaN }).fontSize, 13);
  assert.equal(validSettings({ screenReader: true }).screenReader, true);
});
