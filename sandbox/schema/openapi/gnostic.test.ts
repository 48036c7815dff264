import assert from 'node:assert/strict';
import { test } from 'node:test';
import { encodeGnostic } from './gnostic.ts';

test('a document is written as gnostic reads it', () => {
  const bytes = encodeGnostic({
    swagger: '2.0',
    definitions: { A: { type: 'object', properties: { b: { $ref: '#/x' } }, 'x-k': [1] } },
  });
  const b = '0a0162'; // name: "b"
  const ref = '0a03232f78'; // $ref: "#/x"
  const property = `0a0a${b}1205${ref}`; // NamedSchema in Properties
  const extension = ['fa010c', '0a03782d6b', '1205', '12035b315d'].join(''); // "x-k": yaml "[1]"
  const schema = `b201080a066f626a656374ca010c${property}${extension}`;
  const named = `0a014112${(schema.length / 2).toString(16)}${schema}`;
  const definitions = `0a${(named.length / 2).toString(16)}${named}`;
  assert.equal(bytes.toString('hex'), `0a03322e304a${(definitions.length / 2).toString(16)}${definitions}`);
});

test('long texts have lengths of several bytes', () => {
  const bytes = encodeGnostic({ swagger: 'x'.repeat(300), definitions: {} });
  assert.deepEqual([...bytes.subarray(0, 3)], [0x0a, 0xac, 0x02]);
});
