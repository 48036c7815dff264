import assert from 'node:assert/strict';
import { Writable } from 'node:stream';
import { test } from 'node:test';
import type { LogFields } from './keys.ts';
import { createLogger, silentLogger } from './logger.ts';

function recorded(): { lines: () => Record<string, unknown>[]; text: () => string; stream: Writable } {
  const chunks: string[] = [];
  const stream = new Writable({
    write: (chunk, _encoding, done) => {
      chunks.push(String(chunk));
      done();
    },
  });
  const text = (): string => chunks.join('');
  const lines = (): Record<string, unknown>[] =>
    text()
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as Record<string, unknown>);
  return { lines, text, stream };
}

test('[TE1] a line has level, time, message and the fields of every ancestor', () => {
  const sink = recorded();
  const logger = createLogger({ level: 'info', destination: sink.stream });
  logger.with({ cluster: 'a' }).with({ gvr: 'v1/pods' }).warn('late', { lagMs: 7 });
  logger.debug('not at this level');
  const [line, ...rest] = sink.lines();
  assert.deepEqual(rest, []);
  const { time, ...fields } = line!;
  assert.ok(!Number.isNaN(Date.parse(String(time))));
  assert.deepEqual(fields, { level: 'warn', msg: 'late', cluster: 'a', gvr: 'v1/pods', lagMs: 7 });
});

test('[TE2] credentials are never written', () => {
  const sink = recorded();
  const logger = createLogger({ level: 'info', destination: sink.stream });
  const secrets = {
    token: 'hunter2',
    ticket: 'hunter2',
    authorization: 'hunter2',
    cookie: 'hunter2',
    password: 'hunter2',
    headers: { a: 'hunter2' },
  };
  logger.info('flat', secrets as LogFields);
  logger.info('nested', { err: { token: 'hunter2', authorization: 'hunter2', headers: ['hunter2'] } });
  logger.with(secrets as LogFields).info('inherited');
  assert.doesNotMatch(sink.text(), /hunter2/);
  assert.equal(sink.lines().length, 3);
});

test('[TE4] the silent logger accepts everything', () => {
  silentLogger.with({ name: 'a' }).error('nothing', { err: new Error('x') });
  assert.equal(silentLogger.with({}), silentLogger);
});
