import assert from 'node:assert/strict';
import { chmod, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { Wire } from '../harness/wire.ts';
import { cases, suiteTarget } from '../harness/cases.ts';
import { openKubectl } from '../harness/kubectl-session.ts';
import {
  BUSYBOX,
  configMap,
  container,
  deployment,
  job,
  pod,
  STAY,
  statefulSet,
  widget,
  widgetCrd,
} from '../harness/objects.ts';
import { pollUntil } from '../harness/poll-until.ts';
import { noTerminal, onTerminal } from '../harness/terminal.ts';

const target = await suiteTarget();
const ns = await target.namespace('kubectl');
const kubectl = await openKubectl(target, ns);
const hasMetrics = (await target.admin.get('/apis/metrics.k8s.io/v1beta1')).status === 200;
const lines = (text: string): string[] => text.trimEnd().split('\n');
const cellsOf = (line: string | undefined): string[] => (line ?? '').trim().split(/\s{2,}/);

/** `kubectl run` with the image and pull policy that both targets have. */
const RUN = ['--image', BUSYBOX, '--image-pull-policy', 'Never'];
const ready = (name: string): Promise<string> =>
  kubectl.ok(['wait', `pod/${name}`, '--for=condition=Ready', '--timeout=40s'], { deadlineMs: 45_000 });
const rolledOut = (name: string): Promise<string> =>
  kubectl.ok(['rollout', 'status', `deployment/${name}`, '--timeout=50s'], { deadlineMs: 55_000 });

await kubectl.ok([
  'create',
  '-f',
  await kubectl.manifest(
    'seed',
    pod('steady', `echo one; echo two; ${STAY}`, {}, { labels: { app: 'steady', tier: 'web' } }),
    configMap('plain', { a: '1', b: '2' }, { labels: { tier: 'web' } }),
    deployment('web', 1),
  ),
]);

cases('kubectl get', target, (it) => {
  it('prints a table', async () => {
    const [head, row] = lines(await kubectl.ok(['get', 'configmap', 'plain']));
    assert.deepEqual(cellsOf(head), ['NAME', 'DATA', 'AGE']);
    assert.deepEqual(cellsOf(row).slice(0, 2), ['plain', '2']);
  });

  it('-o wide adds columns', async () => {
    await ready('steady');
    const [head, row] = lines(await kubectl.ok(['get', 'pod', 'steady', '-o', 'wide']));
    assert.deepEqual(cellsOf(head), [
      'NAME',
      'READY',
      'STATUS',
      'RESTARTS',
      'AGE',
      'IP',
      'NODE',
      'NOMINATED NODE',
      'READINESS GATES',
    ]);
    assert.deepEqual(cellsOf(row).slice(0, 4), ['steady', '1/1', 'Running', '0']);
  });

  it('-o yaml prints the object', async () => {
    const text = await kubectl.ok(['get', 'configmap', 'plain', '-o', 'yaml']);
    assert.match(text, /^apiVersion: v1\ndata:\n {2}a: "1"\n {2}b: "2"\nkind: ConfigMap\nmetadata:\n/);
    assert.doesNotMatch(text, /managedFields/);
  });

  it('-o jsonpath and -o name', async () => {
    assert.equal(await kubectl.ok(['get', 'configmap', 'plain', '-o', 'jsonpath={.data.a}']), '1');
    assert.equal(await kubectl.ok(['get', 'configmap', 'plain', '-o', 'name']), 'configmap/plain\n');
    assert.equal(
      await kubectl.ok([
        'get',
        'configmap',
        'plain',
        '-o',
        'custom-columns=N:.metadata.name',
        '--no-headers',
      ]),
      'plain\n',
    );
  });

  it('-l and --field-selector filter', async () => {
    assert.equal(
      await kubectl.ok(['get', 'configmaps', '-l', 'tier=web', '-o', 'name']),
      'configmap/plain\n',
    );
    assert.equal(
      await kubectl.ok(['get', 'configmaps', '--field-selector', 'metadata.name=plain', '-o', 'name']),
      'configmap/plain\n',
    );
    assert.equal(await kubectl.ok(['get', 'configmaps', '-l', 'tier notin (web),tier', '-o', 'name']), '');
  });

  it('--show-labels and -L', async () => {
    assert.match(
      await kubectl.ok(['get', 'configmap', 'plain', '--show-labels']),
      /LABELS\nplain .* tier=web/,
    );
    assert.match(await kubectl.ok(['get', 'configmap', 'plain', '-L', 'tier']), /TIER\nplain .* web/);
  });

  it('several kinds, short names and all', async () => {
    assert.equal(
      await kubectl.ok(['get', 'cm/plain', 'po/steady', '-o', 'name']),
      'configmap/plain\npod/steady\n',
    );
    assert.match(await kubectl.ok(['get', 'all']), /pod\/steady[\s\S]*deployment\.apps\/web/);
  });

  it('-A lists over namespaces', async () => {
    const [head] = lines(await kubectl.ok(['get', 'configmaps', '-A', '-l', 'tier=web']));
    assert.deepEqual(cellsOf(head), ['NAMESPACE', 'NAME', 'DATA', 'AGE']);
  });

  it('--chunk-size pages through', async () => {
    for (let i = 0; i < 5; i++)
      await target.admin.post(
        `/api/v1/namespaces/${ns}/configmaps`,
        configMap(`chunk-${i}`, {}, { labels: { chunk: 'y' } }),
      );
    assert.equal(
      lines(await kubectl.ok(['get', 'configmaps', '-l', 'chunk', '--chunk-size=2', '-o', 'name'])).length,
      5,
    );
  });

  it('-w follows changes', async () => {
    await using watch = kubectl.live([
      'get',
      'configmaps',
      '-l',
      'followed',
      '-w',
      '--output-watch-events',
      '-o',
      'jsonpath={.type}:{.object.metadata.name} ',
    ]);
    // Nothing tells when a watch of nothing has begun: repeat the change until it is seen.
    await pollUntil('the watch to tell', async () => {
      await kubectl.ok(['create', 'configmap', 'followed-1']);
      await kubectl.ok(['label', 'configmap', 'followed-1', 'followed=y']);
      await kubectl.ok(['delete', 'configmap', 'followed-1']);
      return watch.stdout.includes('DELETED:followed-1');
    });
    assert.match(watch.stdout, /ADDED:followed-1 .*DELETED:followed-1/);
  });

  it('what is not there is NotFound', async () => {
    const result = await kubectl.run(['get', 'configmap', 'nobody']);
    assert.equal(result.code, 1);
    assert.equal(result.stderr, 'Error from server (NotFound): configmaps "nobody" not found\n');
  });

  it('an unknown kind is told', async () => {
    const result = await kubectl.run(['get', 'nonsense']);
    assert.match(result.stderr, /the server doesn't have a resource type "nonsense"/);
  });

  it('--raw reads a path', async () => {
    assert.equal(JSON.parse(await kubectl.ok(['get', '--raw', '/version'])).minor, '34');
  });

  it('an empty list says so', async () => {
    const result = await kubectl.run(['get', 'statefulsets', '-l', 'none=here']);
    assert.equal(result.stderr, `No resources found in ${ns} namespace.\n`);
  });
});

cases('kubectl describe, explain, api-resources, version', target, (it) => {
  it('describes a pod with its events', async () => {
    await ready('steady');
    const text = await pollUntil('the events', async () => {
      const seen = await kubectl.ok(['describe', 'pod', 'steady']);
      return seen.includes('Started') && seen;
    });
    assert.match(text, /^Name: +steady$/m);
    assert.match(text, /^Status: +Running$/m);
    assert.match(text, /Normal +Scheduled .*Successfully assigned/);
  });

  it('describes a deployment', async () => {
    await rolledOut('web');
    const text = await kubectl.ok(['describe', 'deployment', 'web']);
    assert.match(text, /^Replicas: +1 desired \| 1 updated \| 1 total \| 1 available \| 0 unavailable$/m);
    assert.match(text, /NewReplicaSet: +web-\w+ \(1\/1 replicas created\)/);
  });

  for (const kind of ['node', 'namespace', 'configmap', 'serviceaccount', 'clusterrole']) {
    it(`describes a ${kind}`, async () => {
      assert.match(
        await kubectl.ok(['describe', kind, ...(kind === 'clusterrole' ? ['view'] : [])]),
        /Name:/,
      );
    });
  }

  it('explains a field', async () => {
    const text = await kubectl.ok(['explain', 'deployment.spec.replicas']);
    assert.match(text, /GROUP: +apps\nKIND: +Deployment\nVERSION: +v1/);
    assert.match(text, /FIELD: replicas <integer>/);
  });

  it('explains a tree', async () => {
    assert.match(
      await kubectl.ok(['explain', 'pod.spec.containers', '--recursive']),
      /imagePullPolicy\t<string>/,
    );
  });

  it('api-resources lists kinds', async () => {
    const text = await kubectl.ok(['api-resources', '--api-group=apps', '--no-headers']);
    assert.match(text, /^deployments +deploy +apps\/v1 +true +Deployment$/m);
    assert.match(
      await kubectl.ok(['api-resources', '--verbs=watch', '--namespaced=false', '-o', 'name']),
      /^nodes$/m,
    );
  });

  it('api-versions and version', async () => {
    assert.match(await kubectl.ok(['api-versions']), /^apps\/v1$/m);
    assert.match(await kubectl.ok(['version']), /Server Version: v1\.34\./);
  });

  it('cluster-info', async () => {
    assert.match(await kubectl.ok(['cluster-info']), /control plane.* is running at/);
  });
});

cases('kubectl create, apply, edit, patch', target, (it) => {
  it('create makes from flags', async () => {
    assert.equal(
      await kubectl.ok(['create', 'configmap', 'lit', '--from-literal=k=v']),
      'configmap/lit created\n',
    );
    assert.equal(
      await kubectl.ok(['create', 'secret', 'generic', 'sec', '--from-literal=p=w']),
      'secret/sec created\n',
    );
    assert.equal(await kubectl.ok(['create', 'serviceaccount', 'acc']), 'serviceaccount/acc created\n');
    const twice = await kubectl.run(['create', 'configmap', 'lit']);
    assert.equal(twice.stderr, 'error: failed to create configmap: configmaps "lit" already exists\n');
  });

  it('create takes a List, checked by kubectl itself', async () => {
    const list = (...items: Wire[]): string => JSON.stringify({ apiVersion: 'v1', kind: 'List', items });
    const wrong = { ...configMap('listed-1'), dada: {} };
    const refused = await kubectl.run(['create', '-f', '-'], { input: list(wrong) });
    assert.match(
      refused.stderr,
      /ValidationError\(ConfigMap\): unknown field "dada" in io\.k8s\.api\.core\.v1\.ConfigMap/,
    );
    const printed = await kubectl.ok(['create', '-f', '-'], {
      input: list(configMap('listed-1'), configMap('listed-2')),
    });
    assert.equal(printed, 'configmap/listed-1 created\nconfigmap/listed-2 created\n');
  });

  it('create refuses an unknown field', async () => {
    const odd = pod('odd');
    odd.spec.containerz = [];
    const result = await kubectl.run(['create', '-f', await kubectl.manifest('odd', odd)]);
    assert.match(result.stderr, /unknown field "(spec\.)?containerz"/);
  });

  it('apply creates, configures, leaves unchanged', async () => {
    const file = await kubectl.manifest('applied', configMap('applied', { a: '1', b: '1' }));
    assert.equal(await kubectl.ok(['apply', '-f', file]), 'configmap/applied created\n');
    assert.equal(await kubectl.ok(['apply', '-f', file]), 'configmap/applied unchanged\n');
    await kubectl.manifest('applied', configMap('applied', { a: '2' }));
    assert.equal(await kubectl.ok(['apply', '-f', file]), 'configmap/applied configured\n');
    assert.deepEqual((await kubectl.json(['get', 'configmap', 'applied'])).data, { a: '2' });
  });

  it('apply of a deployment merges containers by name', async () => {
    const object = deployment('applied', 0);
    const file = await kubectl.manifest('applied-deployment', object);
    await kubectl.ok(['apply', '-f', file]);
    await kubectl.ok([
      'patch',
      'deployment',
      'applied',
      '-p',
      JSON.stringify({ spec: { template: { spec: { containers: [container('x', { name: 'foreign' })] } } } }),
    ]);
    object.spec.template.spec.containers[0].env = [{ name: 'A', value: '1' }];
    await kubectl.manifest('applied-deployment', object);
    assert.equal(await kubectl.ok(['apply', '-f', file]), 'deployment.apps/applied configured\n');
    const { containers } = (await kubectl.json(['get', 'deployment', 'applied'])).spec.template.spec;
    assert.deepEqual(containers.map((c: Wire) => c.name).toSorted(), ['foreign', 'main']);
  });

  it('apply --server-side, conflicts and --force-conflicts', async () => {
    const file = await kubectl.manifest('ssa', configMap('ssa', { a: '1' }));
    assert.equal(
      await kubectl.ok(['apply', '--server-side', '-f', file]),
      'configmap/ssa serverside-applied\n',
    );
    await kubectl.ok([
      'apply',
      '--server-side',
      '--field-manager=rival',
      '--force-conflicts',
      '-f',
      await kubectl.manifest('rival', configMap('ssa', { a: '2' })),
    ]);
    const conflict = await kubectl.run(['apply', '--server-side', '-f', file]);
    assert.equal(conflict.code, 1);
    assert.match(conflict.stderr, /Apply failed with 1 conflict: conflict with "rival": \.data\.a/);
    await kubectl.ok(['apply', '--server-side', '--force-conflicts', '-f', file]);
    assert.equal(await kubectl.ok(['get', 'configmap', 'ssa', '-o', 'jsonpath={.data.a}']), '1');
  });

  it('client-side apply can go on server-side', async () => {
    const file = await kubectl.manifest('migrates', configMap('migrates', { a: '1' }));
    await kubectl.ok(['apply', '-f', file]);
    await kubectl.manifest('migrates', configMap('migrates', { b: '1' }));
    await kubectl.ok(['apply', '--server-side', '-f', file]);
    assert.deepEqual((await kubectl.json(['get', 'configmap', 'migrates'])).data, { b: '1' });
  });

  it('diff shows what apply would do', async () => {
    const file = await kubectl.manifest('diffed', configMap('diffed', { a: '1' }));
    await kubectl.ok(['apply', '-f', file]);
    assert.equal((await kubectl.run(['diff', '-f', file])).code, 0);
    await kubectl.manifest('diffed', configMap('diffed', { a: '2' }));
    const result = await kubectl.run(['diff', '-f', file]);
    assert.equal(result.code, 1);
    assert.match(result.stdout, /^- {2}a: "1"\n\+ {2}a: "2"$/m);
  });

  it('--dry-run=server and --dry-run=client change nothing', async () => {
    assert.equal(
      await kubectl.ok(['create', 'configmap', 'dry', '--dry-run=server']),
      'configmap/dry created (server dry run)\n',
    );
    assert.equal(
      await kubectl.ok(['create', 'configmap', 'dry', '--dry-run=client']),
      'configmap/dry created (dry run)\n',
    );
    assert.equal((await kubectl.run(['get', 'configmap', 'dry'])).code, 1);
  });

  it('edit sends what the editor leaves', async () => {
    await kubectl.ok(['create', 'configmap', 'edited', '--from-literal=a=1']);
    const editor = path.join(kubectl.folder, 'editor.sh');
    await writeFile(editor, '#!/bin/sh\nsed -i \'s/a: "1"/a: "2"/\' "$1"\n');
    await chmod(editor, 0o755);
    assert.equal(
      await kubectl.ok(['edit', 'configmap', 'edited'], { env: { KUBE_EDITOR: editor } }),
      'configmap/edited edited\n',
    );
    assert.equal(await kubectl.ok(['get', 'configmap', 'edited', '-o', 'jsonpath={.data.a}']), '2');
  });

  it('replace replaces', async () => {
    await kubectl.ok(['create', 'configmap', 'replaced', '--from-literal=a=1']);
    assert.equal(
      await kubectl.ok([
        'replace',
        '-f',
        await kubectl.manifest('replaced', configMap('replaced', { b: '2' })),
      ]),
      'configmap/replaced replaced\n',
    );
    assert.deepEqual((await kubectl.json(['get', 'configmap', 'replaced'])).data, { b: '2' });
  });

  it('patch speaks merge, JSON and strategic', async () => {
    await kubectl.ok(['create', 'configmap', 'patched', '--from-literal=a=1']);
    await kubectl.ok(['patch', 'configmap', 'patched', '--type=merge', '-p', '{"data":{"b":"2"}}']);
    await kubectl.ok([
      'patch',
      'configmap',
      'patched',
      '--type=json',
      '-p',
      '[{"op":"remove","path":"/data/a"}]',
    ]);
    assert.equal(
      await kubectl.ok(['patch', 'configmap', 'patched', '--type=strategic', '-p', '{"data":{"c":"3"}}']),
      'configmap/patched patched\n',
    );
    assert.deepEqual((await kubectl.json(['get', 'configmap', 'patched'])).data, { b: '2', c: '3' });
    assert.equal(
      await kubectl.ok(['patch', 'configmap', 'patched', '-p', '{"data":{"c":"3"}}']),
      'configmap/patched patched (no change)\n',
    );
  });

  it('patch --subresource=status', async () => {
    await kubectl.ok([
      'create',
      '-f',
      await kubectl.manifest('paused', deployment('paused', 0, { paused: true })),
    ]);
    await kubectl.ok([
      'patch',
      'deployment',
      'paused',
      '--subresource=status',
      '--type=merge',
      '-p',
      '{"status":{"collisionCount":3}}',
    ]);
    assert.equal(
      await kubectl.ok(['get', 'deployment', 'paused', '-o', 'jsonpath={.metadata.generation}']),
      '1',
    );
  });

  it('label and annotate add, refuse to overwrite, and remove', async () => {
    await kubectl.ok(['create', 'configmap', 'marked']);
    assert.equal(await kubectl.ok(['label', 'configmap', 'marked', 'l=1']), 'configmap/marked labeled\n');
    assert.match(
      (await kubectl.run(['label', 'configmap', 'marked', 'l=2'])).stderr,
      /already has a value \(1\), and --overwrite is false/,
    );
    await kubectl.ok(['label', 'configmap', 'marked', 'l=2', '--overwrite']);
    assert.equal(await kubectl.ok(['label', 'configmap', 'marked', 'l-']), 'configmap/marked unlabeled\n');
    await kubectl.ok(['annotate', 'configmap', 'marked', 'note=hello world']);
    const { metadata } = await kubectl.json(['get', 'configmap', 'marked']);
    assert.deepEqual(metadata.annotations, { note: 'hello world' });
    assert.equal(metadata.labels, undefined);
  });

  it('set image changes a template', async () => {
    await kubectl.ok(['create', '-f', await kubectl.manifest('imaged', deployment('imaged', 0))]);
    assert.equal(
      await kubectl.ok(['set', 'image', 'deployment/imaged', 'main=local/other:2']),
      'deployment.apps/imaged image updated\n',
    );
    assert.equal(
      await kubectl.ok([
        'get',
        'deployment',
        'imaged',
        '-o',
        'jsonpath={.spec.template.spec.containers[0].image}',
      ]),
      'local/other:2',
    );
  });

  it('create -f of a CRD, then its objects', async () => {
    const group = `${target.unique('k')}.example.com`;
    target.undo(() =>
      target.admin.delete(`/apis/apiextensions.k8s.io/v1/customresourcedefinitions/widgets.${group}`),
    );
    assert.match(
      await kubectl.ok(['create', '-f', await kubectl.manifest('crd', widgetCrd(group))]),
      /customresourcedefinition\.apiextensions\.k8s\.io\/widgets\..* created/,
    );
    await kubectl.ok(['wait', '--for=condition=Established', `crd/widgets.${group}`, '--timeout=20s']);
    const file = await kubectl.manifest(
      'widgets',
      widget(group, 'w-1', { size: 3 }),
      widget(group, 'w-2', { size: 4 }),
    );
    await pollUntil(
      'the kind to be known',
      async () => (await kubectl.run(['create', '-f', file])).code === 0,
      { everyMs: 200 },
    );
    const [head, row] = lines(await kubectl.ok(['get', `widgets.${group}`]));
    assert.deepEqual(cellsOf(head), ['NAME', 'SIZE', 'PHASE', 'AGE']);
    assert.deepEqual(cellsOf(row).slice(0, 2), ['w-1', '3']);
    assert.match(await kubectl.ok(['explain', `widgets.${group}`]), /KIND: +Widget/);
    await kubectl.ok(['scale', `widgets.${group}/w-1`, '--replicas=4']);
    assert.equal(
      await kubectl.ok(['get', `widgets.${group}`, 'w-1', '-o', 'jsonpath={.spec.replicas}']),
      '4',
    );
    const bad = await kubectl.run([
      'apply',
      '-f',
      await kubectl.manifest('bad', widget(group, 'bad', { size: 40 })),
    ]);
    assert.match(bad.stderr, /should be less than or equal to 10/);
  });
});

cases(
  'kubectl scale, rollout, delete, wait, run',
  target,
  (it) => {
    it('scale changes replicas', async () => {
      await kubectl.ok(['create', '-f', await kubectl.manifest('scaled', deployment('scaled', 1))]);
      assert.equal(
        await kubectl.ok(['scale', 'deployment/scaled', '--replicas=2']),
        'deployment.apps/scaled scaled\n',
      );
      await kubectl.ok(
        ['wait', 'deployment/scaled', '--for=jsonpath={.status.readyReplicas}=2', '--timeout=40s'],
        { deadlineMs: 45_000 },
      );
      const refused = await kubectl.run([
        'scale',
        'deployment/scaled',
        '--current-replicas=7',
        '--replicas=1',
      ]);
      assert.match(refused.stderr, /Expected replicas to be 7, was 2/);
    });

    it('rollout status, restart, history, undo, pause and resume', async () => {
      await kubectl.ok(['create', '-f', await kubectl.manifest('rolled', deployment('rolled', 1))]);
      assert.match(await rolledOut('rolled'), /deployment "rolled" successfully rolled out\n$/);
      assert.equal(
        await kubectl.ok(['rollout', 'restart', 'deployment/rolled']),
        'deployment.apps/rolled restarted\n',
      );
      await rolledOut('rolled');
      const history = await kubectl.ok(['rollout', 'history', 'deployment/rolled']);
      assert.match(history, /REVISION +CHANGE-CAUSE\n1 +<none>\n2 +<none>/);
      assert.match(
        await kubectl.ok(['rollout', 'history', 'deployment/rolled', '--revision=2']),
        /kubectl\.kubernetes\.io\/restartedAt/,
      );
      assert.equal(
        await kubectl.ok(['rollout', 'undo', 'deployment/rolled']),
        'deployment.apps/rolled rolled back\n',
      );
      await rolledOut('rolled');
      assert.equal(
        await kubectl.ok([
          'get',
          'deployment',
          'rolled',
          '-o',
          'jsonpath={.metadata.annotations.deployment\\.kubernetes\\.io/revision}',
        ]),
        '3',
      );
      assert.equal(
        await kubectl.ok(['rollout', 'pause', 'deployment/rolled']),
        'deployment.apps/rolled paused\n',
      );
      assert.match(
        (await kubectl.run(['rollout', 'restart', 'deployment/rolled'])).stderr,
        /can't restart paused deployment/,
      );
      assert.equal(
        await kubectl.ok(['rollout', 'resume', 'deployment/rolled']),
        'deployment.apps/rolled resumed\n',
      );
    });

    it('rollout status of a stateful set', async () => {
      await kubectl.ok(['create', '-f', await kubectl.manifest('sts', statefulSet('sts', 1))]);
      assert.match(
        await kubectl.ok(['rollout', 'status', 'statefulset/sts', '--timeout=40s'], { deadlineMs: 45_000 }),
        /partitioned roll out complete|statefulset rolling update complete|roll out complete/,
      );
    });

    it(
      'delete --cascade=background, foreground and orphan',
      async () => {
        for (const cascade of ['background', 'foreground', 'orphan']) {
          const name = `cascade-${cascade}`;
          await kubectl.ok(['create', '-f', await kubectl.manifest(name, deployment(name, 1))]);
          await rolledOut(name);
          const printed = await kubectl.ok(['delete', 'deployment', name, `--cascade=${cascade}`], {
            deadlineMs: 45_000,
          });
          assert.match(printed, new RegExp(`deployment\\.apps "${name}" deleted`));
          const sets = await kubectl.ok(['get', 'replicasets', '-l', `app=${name}`, '-o', 'name']);
          if (cascade === 'foreground') assert.equal(sets, '');
          if (cascade === 'orphan') assert.match(sets, /replicaset\.apps\/cascade-orphan-/);
        }
        await kubectl.ok(['delete', 'replicasets', '-l', 'app=cascade-orphan']);
      },
      { deadlineMs: 120_000 },
    );

    it('delete waits for the end', async () => {
      await kubectl.ok(['run', 'doomed', ...RUN, '--command', '--', 'sh', '-c', STAY]);
      await ready('doomed');
      assert.match(
        await kubectl.ok(['delete', 'pod', 'doomed', '--grace-period=1'], { deadlineMs: 40_000 }),
        /pod "doomed" deleted/,
      );
      assert.equal((await kubectl.run(['get', 'pod', 'doomed'])).code, 1);
    });

    it('delete --now, --force and -l', async () => {
      for (const name of ['del-1', 'del-2']) await kubectl.ok(['create', 'configmap', name]);
      await kubectl.ok(['label', 'configmap', 'del-1', 'del-2', 'del=y']);
      assert.equal(lines(await kubectl.ok(['delete', 'configmaps', '-l', 'del=y'])).length, 2);
      await kubectl.ok(['run', 'forced', ...RUN, '--command', '--', 'sh', '-c', STAY]);
      await kubectl.ok(['delete', 'pod', 'forced', '--force', '--grace-period=0']);
      assert.equal((await kubectl.run(['get', 'pod', 'forced'])).code, 1);
    });

    it('wait --for=delete and for a job', async () => {
      await kubectl.ok(['create', '-f', await kubectl.manifest('job', job('counts', 'echo counted'))]);
      await kubectl.ok(['wait', 'job/counts', '--for=condition=Complete', '--timeout=40s'], {
        deadlineMs: 45_000,
      });
      assert.equal(await kubectl.ok(['logs', 'job/counts']), 'counted\n');
      await kubectl.ok(['create', 'configmap', 'waited']);
      await using waiting = kubectl.live(['wait', 'configmap/waited', '--for=delete', '--timeout=20s'], {
        input: '',
      });
      await kubectl.ok(['delete', 'configmap', 'waited']);
      assert.equal(await waiting.exited, 0);
    });

    it('create job --from=cronjob', async () => {
      await kubectl.ok([
        'create',
        'cronjob',
        'nightly',
        '--image',
        BUSYBOX,
        '--schedule=0 3 * * *',
        '--',
        'true',
      ]);
      assert.equal(
        await kubectl.ok(['create', 'job', 'now', '--from=cronjob/nightly']),
        'job.batch/now created\n',
      );
      assert.equal(
        (await kubectl.json(['get', 'job', 'now'])).metadata.annotations['cronjob.kubernetes.io/instantiate'],
        'manual',
      );
    });

    it('expose makes a service', async () => {
      assert.equal(
        await kubectl.ok(['expose', 'deployment', 'web', '--port=80', '--name=web-svc']),
        'service/web-svc exposed\n',
      );
      assert.match(
        await kubectl.ok(['get', 'service', 'web-svc']),
        /ClusterIP +10\.\d+\.\d+\.\d+ +<none> +80\/TCP/,
      );
    });

    it('cordon and drain need nothing but the API', async () => {
      const [node] = lines(await kubectl.ok(['get', 'nodes', '-o', 'name']));
      assert.match(
        await kubectl.ok(['cordon', String(node), '--dry-run=server']),
        /cordoned \(server dry run\)/,
      );
    });
  },
  { concurrency: 8 },
);

cases(
  'kubectl logs, exec, top, auth',
  target,
  (it) => {
    it('logs prints, --tail cuts, --timestamps stamps', async () => {
      await ready('steady');
      assert.equal(await kubectl.ok(['logs', 'steady']), 'one\ntwo\n');
      assert.equal(await kubectl.ok(['logs', 'steady', '--tail=1']), 'two\n');
      assert.match(await kubectl.ok(['logs', 'steady', '--timestamps', '--tail=1']), /^\d{4}-\S+ two\n$/);
      assert.equal(
        await kubectl.ok(['logs', '-l', 'app=steady', '--prefix']),
        '[pod/steady/main] one\n[pod/steady/main] two\n',
      );
    });

    it('logs -f follows to the end', async () => {
      await kubectl.ok([
        'run',
        'counting',
        ...RUN,
        '--restart=Never',
        '--command',
        '--',
        'sh',
        '-c',
        'for i in 1 2 3; do echo tick $i; sleep 0.4; done',
      ]);
      await pollUntil(
        'it to start',
        async () => (await kubectl.json(['get', 'pod', 'counting'])).status.phase !== 'Pending',
      );
      assert.equal(await kubectl.ok(['logs', '-f', 'counting']), 'tick 1\ntick 2\ntick 3\n');
    });

    it('exec runs, passes standard input and the exit code', async () => {
      await ready('steady');
      assert.equal(await kubectl.ok(['exec', 'steady', '--', 'echo', 'hi there']), 'hi there\n');
      assert.equal(
        await kubectl.ok(['exec', '-i', 'steady', '--', 'cat'], { input: 'through\n' }),
        'through\n',
      );
      const result = await kubectl.run(['exec', 'steady', '--', 'sh', '-c', 'echo bad >&2; exit 9']);
      assert.equal(result.code, 9);
      assert.equal(result.stderr, 'bad\ncommand terminated with exit code 9\n');
    });

    it(
      'exec -it is a terminal',
      async () => {
        await ready('steady');
        await using terminal = onTerminal(
          kubectl.program,
          kubectl.args(['exec', '-it', 'steady', '--', 'sh']),
          { env: { ...kubectl.env, TERM: 'xterm' } },
        );
        await terminal.seen('the prompt', ({ stdout }) => (/[#$] /.test(stdout) ? true : undefined));
        terminal.write('echo $((20+3))\r');
        await terminal.seen('the answer', ({ stdout }) => (/\r\n23\r\n/.test(stdout) ? true : undefined));
        terminal.write('exit\r');
        assert.equal(await terminal.exited, 0);
      },
      { skip: noTerminal() },
    );

    it('run --rm -i passes standard input and prints what the pod prints', async () => {
      const script = 'read line; echo got $line';
      const result = await kubectl.run(
        ['run', 'oneoff', ...RUN, '--rm', '-i', '--restart=Never', '--command', '--', 'sh', '-c', script],
        { input: 'word\n', deadlineMs: 45_000 },
      );
      assert.equal(result.code, 0, result.stderr);
      assert.match(result.stdout, /got word\n/);
      assert.match(result.stdout + result.stderr, /pod "oneoff" deleted/);
    });

    it(
      'run --rm -it is a terminal in a pod of its own',
      async () => {
        await using terminal = onTerminal(
          kubectl.program,
          kubectl.args(['run', 'typed', ...RUN, '--rm', '-it', '--restart=Never', '--', 'sh']),
          { env: { ...kubectl.env, TERM: 'xterm' } },
        );
        await terminal.seen(
          'the hint',
          ({ stdout }) => (/try pressing enter/.test(stdout) ? true : undefined),
          45_000,
        );
        terminal.write('\r');
        await terminal.seen('the prompt', ({ stdout }) => (/[#$] /.test(stdout) ? true : undefined));
        terminal.write('echo $((20+3))\r');
        await terminal.seen('the answer', ({ stdout }) => (/\r\n23\r\n/.test(stdout) ? true : undefined));
        terminal.write('exit\r');
        assert.equal(await terminal.exited, 0);
        await kubectl.ok(['wait', '--for=delete', 'pod/typed', '--timeout=40s'], { deadlineMs: 45_000 });
      },
      { skip: noTerminal() },
    );

    it(
      'top shows nodes and pods',
      async () => {
        const [head] = lines(await kubectl.ok(['top', 'nodes']));
        assert.deepEqual(cellsOf(head), ['NAME', 'CPU(cores)', 'CPU(%)', 'MEMORY(bytes)', 'MEMORY(%)']);
        await ready('steady');
        assert.match(
          await pollUntil('the pod', async () => {
            const result = await kubectl.run(['top', 'pod', 'steady', '--no-headers']);
            return result.code === 0 && result.stdout;
          }),
          /^steady +\d+m +\d+Mi/,
        );
      },
      { skip: hasMetrics ? undefined : 'this cluster serves no metrics.k8s.io' },
    );

    it('auth can-i --as asks for another', async () => {
      const who = target.unique('alice');
      await kubectl.ok(['create', 'rolebinding', who, '--clusterrole=view', `--user=${who}`]);
      await pollUntil(
        'the right',
        async () => (await kubectl.run(['auth', 'can-i', 'list', 'pods', `--as=${who}`])).stdout === 'yes\n',
      );
      const no = await kubectl.run(['auth', 'can-i', 'delete', 'pods', `--as=${who}`]);
      assert.equal(no.stdout, 'no\n');
      assert.equal(no.code, 1);
      assert.match(
        await kubectl.ok(['auth', 'can-i', '--list', `--as=${who}`]),
        /configmaps +\[\] +\[\] +\[get list watch\]/,
      );
      assert.equal(
        (await kubectl.run(['auth', 'can-i', 'list', 'pods', `--as=${who}`, '-n', 'default'])).stdout,
        'no\n',
      );
      const denied = await kubectl.run(['get', 'secrets', `--as=${who}`]);
      assert.match(
        denied.stderr,
        new RegExp(
          `Error from server \\(Forbidden\\): secrets is forbidden: User "${who}" cannot list resource "secrets"`,
        ),
      );
    });

    it('auth whoami tells the impersonated', async () => {
      const text = await kubectl.ok(['auth', 'whoami', '--as=jane', '--as-group=g1', '--as-group=g2']);
      assert.match(text, /Username +jane/);
      assert.match(text, /Groups +\[g1 g2 system:authenticated\]/);
    });

    it('events lists what happened', async () => {
      await ready('steady');
      await pollUntil('the event', async () =>
        (await kubectl.ok(['events', '--for', 'pod/steady'])).includes('Started'),
      );
    });

    it('cp copies a file in and out', async () => {
      await ready('steady');
      const file = path.join(kubectl.folder, 'copied.txt');
      await writeFile(file, 'contents\n');
      await kubectl.ok(['cp', file, 'steady:/tmp/copied.txt']);
      assert.equal(await kubectl.ok(['exec', 'steady', '--', 'cat', '/tmp/copied.txt']), 'contents\n');
    });

    it('create token works as a login', async () => {
      const token = (await kubectl.ok(['create', 'token', 'default'])).trim();
      const login = target.admin.withToken(token);
      try {
        assert.equal((await login.get('/version')).status, 200);
      } finally {
        await login.close();
      }
    });
  },
  { concurrency: 8 },
);
