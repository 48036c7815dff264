import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as fc from 'fast-check';
import { joinCommand, readShellAddress, shellHref, shellParams, splitCommand } from './shell-address.ts';
import { containersOf } from './pod-containers.ts';

test('[TM1] an address survives tab params and links, the key only tab params', () => {
  const word = fc.string({ minLength: 1, maxLength: 12 });
  fc.assert(
    fc.property(
      fc.record(
        {
          ns: word,
          pod: word,
          container: word,
          command: fc.array(fc.string(), { minLength: 1 }),
          session: word,
          key: word,
        },
        { requiredKeys: ['ns', 'pod'], noNullPrototype: true },
      ),
      (address) => {
        assert.deepEqual(readShellAddress(shellParams(address)), address);
        const href = shellHref(address);
        const { key: _key, ...open } = address;
        const query = Object.fromEntries(new URLSearchParams(href.slice(href.indexOf('?'))));
        assert.deepEqual(readShellAddress(query), open);
      },
    ),
  );
});

test('[TM1] a command is parted into words as a shell would', () => {
  assert.deepEqual(splitCommand(` sh -c 'echo "a b"' "x \\" y" z\\ z `), [
    'sh',
    '-c',
    'echo "a b"',
    'x " y',
    'z z',
  ]);
  assert.deepEqual(splitCommand(''), []);
  assert.deepEqual(splitCommand(`a''b ''`), ['ab', '']);
  assert.deepEqual(splitCommand(`'open`), ['open']);
  fc.assert(
    fc.property(fc.array(fc.string()), (words) => {
      assert.deepEqual(splitCommand(joinCommand(words)), words);
    }),
  );
});

test('[TM1] every container of a pod can be chosen, and it is told which of them run', () => {
  const found = containersOf({
    spec: {
      containers: [{ name: 'web' }],
      initContainers: [{ name: 'migrate' }],
      ephemeralContainers: [{ name: 'debug-1' }],
    },
    status: {
      containerStatuses: [{ name: 'web', state: { running: {} } }],
      ephemeralContainerStatuses: [{ name: 'debug-1', state: {} }],
    },
  });
  assert.deepEqual(found, [
    { name: 'web', kind: 'container', running: true },
    { name: 'debug-1', kind: 'ephemeral', running: false },
    { name: 'migrate', kind: 'init', running: false },
  ]);
});
