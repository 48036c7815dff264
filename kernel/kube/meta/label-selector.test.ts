import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  SelectorSyntaxError,
  formatLabelSelector,
  matchesLabels,
  parseLabelSelector,
} from './label-selector.ts';

const cases: [selector: string, labels: Record<string, string>, matches: boolean][] = [
  ['', {}, true],
  ['app=web', { app: 'web' }, true],
  ['app==web', { app: 'db' }, false],
  ['app!=web', {}, true],
  ['app!=web', { app: 'web' }, false],
  ['env in (a, b)', { env: 'b' }, true],
  ['env in (a,b)', {}, false],
  ['env notin (a,b)', {}, true],
  ['env notin (a,b)', { env: 'a' }, false],
  ['app', { app: '' }, true],
  ['!app', { app: '' }, false],
  ['app=', { app: '' }, true],
  ['gen>2,gen<10', { gen: '9' }, true],
  ['gen>2', { gen: 'x' }, false],
  ['example.com/tier=a,env in (x,y),!old', { 'example.com/tier': 'a', env: 'x' }, true],
];

for (const [selector, labels, matches] of cases) {
  test(`[KM3] "${selector}" ${matches ? 'matches' : 'does not match'} ${JSON.stringify(labels)}, also after formatting`, () => {
    const requirements = parseLabelSelector(selector);
    assert.equal(matchesLabels(requirements, labels), matches);
    assert.equal(matchesLabels(parseLabelSelector(formatLabelSelector(requirements)), labels), matches);
  });
}

for (const bad of [
  '=',
  'a=b=c',
  ',',
  'a=b,',
  'a in b',
  'a in (',
  '-x=1',
  'a>b',
  'a=b c',
  `a=${'v'.repeat(64)}`,
]) {
  test(`[KM3] "${bad}" is refused`, () => assert.throws(() => parseLabelSelector(bad), SelectorSyntaxError));
}
