import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import * as fc from 'fast-check';
import { chooseCluster } from './choose-cluster.ts';
import { SETTINGS } from './config-schema.ts';
import { ConfigProblem, helpText, readConfig } from './config.ts';

function problemsOf(args: readonly string[], env: Record<string, string> = {}): readonly string[] {
  try {
    readConfig(args, env);
  } catch (error) {
    assert.ok(error instanceof ConfigProblem);
    return error.problems;
  }
  return [];
}

test('defaults suit a developer: loopback, the embedded demo', () => {
  const config = readConfig([], {});
  assert.equal(config.host, '127.0.0.1');
  assert.equal(config.port, 8080);
  assert.equal(config.scene, 'demo');
  assert.equal(config.kubeconfig, undefined);
  assert.ok(Object.isFrozen(config));
});

test('a flag wins over its variable, an empty variable counts as absent', () => {
  assert.equal(readConfig(['--port', '1'], { PORT: '2' }).port, 1);
  assert.equal(readConfig([], { PORT: '2' }).port, 2);
  assert.equal(readConfig([], { PORT: '' }).port, 8080);
  assert.equal(readConfig(['--port=3'], {}).port, 3);
  assert.equal(readConfig(['--trust-proxy'], {}).trustProxy, true);
  assert.equal(readConfig([], { KRATEYARD_TRUST_PROXY: '1' }).trustProxy, true);
  assert.deepEqual(
    readConfig(['--allowed-origins', 'https://a.example,https://b.example'], {}).allowedOrigins,
    ['https://a.example', 'https://b.example'],
  );
});

test('all problems are told at once, with the names of flags and variables', () => {
  const problems = problemsOf(
    ['--port', 'many', '--scene=nonsense', '--unknown', '--host', '--context', 'x', 'stray'],
    {
      LOG_LEVEL: 'loud',
      KRATEYARD_SESSION_KEY: 'short',
    },
  );
  for (const part of [
    '--port / PORT',
    '--scene',
    '--unknown',
    '--host needs',
    '--context needs',
    'argument 8',
    'LOG_LEVEL',
    'KRATEYARD_SESSION_KEY',
  ]) {
    assert.ok(
      problems.some((problem) => problem.includes(part)),
      `${part} in ${problems.join('; ')}`,
    );
  }
});

test('contradictions are problems', () => {
  assert.equal(problemsOf(['--write-kubeconfig', 'a'], { KUBECONFIG: 'b' }).length, 1);
  assert.equal(problemsOf(['--context', 'a'], { KUBECONFIG: 'b' }).length, 0);
});

test('no problem repeats a value, which may be a secret in the wrong place', () => {
  fc.assert(
    fc.property(fc.stringMatching(/^[a-z]{12,30}$/), (secret) => {
      const problems = problemsOf([secret, '--port', secret, '--max-sockets', secret], {
        KRATEYARD_SESSION_KEY: secret.slice(0, 20),
        LOG_LEVEL: secret,
      });
      assert.ok(problems.length >= 4);
      assert.ok(!problems.join('\n').includes(secret.slice(0, 12)));
    }),
  );
});

test('any arguments give a configuration or problems', () => {
  fc.assert(
    fc.property(
      fc.array(fc.string()),
      fc.dictionary(fc.constantFrom('PORT', 'LOG_LEVEL', 'NAMESPACE'), fc.string()),
      (args, env) => {
        problemsOf(args, env);
      },
    ),
  );
});

test('the help names every setting', () => {
  const help = helpText();
  for (const { flag, env } of SETTINGS.values()) {
    for (const name of [flag ? `--${flag}` : '', ...env].filter(Boolean))
      assert.ok(help.includes(name), name);
  }
});

test('a stray ~/.kube/config never chooses a cluster', async (t) => {
  const home = mkdtempSync(join(tmpdir(), 'krateyard-home-'));
  t.after(() => rmSync(home, { recursive: true }));
  mkdirSync(join(home, '.kube'));
  const stray = {
    'current-context': 'prod',
    clusters: [{ name: 'prod', cluster: { server: 'https://prod.example:6443' } }],
    users: [{ name: 'me', user: { token: 't' } }],
    contexts: [{ name: 'prod', context: { cluster: 'prod', user: 'me' } }],
  };
  const file = join(home, '.kube', 'config');
  writeFileSync(file, JSON.stringify(stray));
  const env = { HOME: home };
  assert.deepEqual(await chooseCluster(readConfig([], env), env), { kind: 'embedded' });
  const chosen = await chooseCluster(readConfig(['--kubeconfig', file], env), env);
  assert.ok(chosen.kind === 'real' && chosen.personal);
  assert.equal(chosen.config.server, 'https://prod.example:6443');
  await assert.rejects(chooseCluster(readConfig(['--kubeconfig', join(home, 'none')], env), env), {
    name: 'ConfigError',
  });
});
