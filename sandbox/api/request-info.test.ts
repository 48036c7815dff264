import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isStatusError } from '@krateyard/status/status-error';
import { readRequestInfo } from './request-info.ts';

const cases: [method: string, url: string, shown: string][] = [
  ['GET', '/api/v1/pods', 'list /v1/pods'],
  ['GET', '/api/v1/namespaces/a/pods?watch=true', 'watch /v1/a:pods'],
  ['GET', '/api/v1/namespaces/a/pods?watch=0', 'list /v1/a:pods'],
  ['GET', '/api/v1/watch/namespaces/a/pods', 'watch /v1/a:pods'],
  ['GET', '/api/v1/namespaces/a', 'get /v1/namespaces/a'],
  ['PUT', '/api/v1/namespaces/a/finalize', 'update /v1/namespaces/a/finalize'],
  ['GET', '/api/v1/namespaces/a/pods/x/log', 'get /v1/a:pods/x/log'],
  ['PATCH', '/apis/apps/v1/namespaces/a/deployments/x/scale', 'patch apps/v1/a:deployments/x/scale'],
  ['POST', '/apis/apps/v1/namespaces/a/deployments', 'create apps/v1/a:deployments'],
  ['DELETE', '/apis/apps/v1/namespaces/a/deployments', 'deletecollection apps/v1/a:deployments'],
  ['DELETE', '/api/v1/nodes/n%2D1', 'delete /v1/nodes/n-1'],
  ['GET', '/api/v1', 'get -'],
  ['GET', '/apis/apps/v1', 'get -'],
  ['GET', '/version', 'get -'],
  ['POST', '/nowhere', 'post -'],
];

for (const [method, url, shown] of cases) {
  test(`[SB10] ${method} ${url} is ${shown}`, () => {
    const { verb, target } = readRequestInfo(method, url);
    const of = target && [target.resource, target.name, target.subresource].filter(Boolean).join('/');
    const at =
      target && `${target.group}/${target.version}/${target.namespace && `${target.namespace}:`}${of}`;
    assert.equal(`${verb} ${at ?? '-'}`, shown);
  });
}

test('[SB24] a malformed escape is a BadRequest', () => {
  assert.throws(
    () => readRequestInfo('GET', '/api/v1/namespaces/%zz/pods'),
    (error: unknown) => isStatusError(error) && error.reason === 'BadRequest',
  );
});
