import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createMetrics, noMetrics } from './metrics.ts';

test('[TE3] a metric declared twice is one', async () => {
  const metrics = createMetrics();
  metrics.counter('krateyard_a_total', 'A.', ['kind']).add({ kind: 'x' });
  metrics.counter('krateyard_a_total', 'A.', ['kind']).add({ kind: 'x' }, 2);
  metrics.counter('krateyard_a_total', 'A.', ['kind']).add({ kind: 'y' });
  const page = await metrics.expose();
  assert.match(page, /^krateyard_a_total\{kind="x"\} 3$/m);
  assert.match(page, /^krateyard_a_total\{kind="y"\} 1$/m);
});

test('[TE3] a gauge is collected when the page is read', async () => {
  const metrics = createMetrics();
  let value = 1;
  metrics.gauge('krateyard_b', 'B.', [], (gauge) => gauge.set(value));
  value = 5;
  assert.match(await metrics.expose(), /^krateyard_b 5$/m);
});

test('[TE3] a removed label set leaves the page', async () => {
  const metrics = createMetrics();
  const gauge = metrics.gauge('krateyard_c', 'C.', ['name']);
  gauge.set(1, { name: 'x' });
  gauge.set(2, { name: 'y' });
  gauge.remove({ name: 'x' });
  const page = await metrics.expose();
  assert.doesNotMatch(page, /name="x"/);
  assert.match(page, /^krateyard_c\{name="y"\} 2$/m);
});

test('[TE3] a histogram counts what is below each bound', async () => {
  const metrics = createMetrics();
  const histogram = metrics.histogram('krateyard_d_seconds', 'D.', [], [0.1, 1]);
  for (const seconds of [0.05, 0.5, 5]) histogram.observe(seconds);
  const page = await metrics.expose();
  assert.match(page, /^krateyard_d_seconds_bucket\{le="0.1"\} 1$/m);
  assert.match(page, /^krateyard_d_seconds_bucket\{le="1"\} 2$/m);
  assert.match(page, /^krateyard_d_seconds_count 3$/m);
});

test('[TE4] no-op metrics accept everything', () => {
  noMetrics.counter('a', 'A.').add({ x: 1 });
  noMetrics.gauge('b', 'B.').set(1);
  noMetrics.histogram('c', 'C.').observe(1);
  assert.equal(noMetrics.counter('a', 'A.'), noMetrics.counter('b', 'B.'));
});
