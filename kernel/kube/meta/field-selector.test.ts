import assert from 'node:assert/strict';
import { test } from 'node:test';
import { formatFieldSelector, matchesFields, parseFieldSelector } from './field-selector.ts';
import { SelectorSyntaxError } from './label-selector.ts';

const pod = { metadata: { name: 'a,b' }, status: { phase: 'Running' }, spec: { hostNetwork: true } };

for (const [selector, matches] of [
  ['status.phase=Running', true],
  ['status.phase!=Running', false],
  ['metadata.name=a\\,b,status.phase==Running', true],
  ['spec.nodeName=', true],
  ['spec.hostNetwork=true', true],
] as const) {
  test(`[KM4] "${selector}" ${matches ? 'matches' : 'does not match'}, also after formatting`, () => {
    const requirements = parseFieldSelector(selector);
    assert.equal(matchesFields(requirements, pod), matches);
    assert.equal(matchesFields(parseFieldSelector(formatFieldSelector(requirements)), pod), matches);
  });
}

for (const bad of ['name', '=x', 'a=b\\c']) {
  test(`[KM4] "${bad}" is refused`, () => assert.throws(() => parseFieldSelector(bad), SelectorSyntaxError));
}
