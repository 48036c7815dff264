import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { KindSummary } from '../../contract/resource-api.ts';
import { kindSections } from './kind-sections.ts';
import type { LiveRow } from '@krateyard/ui/live/live-collection';
import type { TableColumn } from '@krateyard/ui/table/table-column';
import { formatCellFilter, parseCellFilter } from '../../contract/cell-filter.ts';
import { editObject, getView, onObjects, quoted } from './kubectl-command.ts';
import { exportHref, listParams } from './list-params.ts';
import { onlyChosen } from '@krateyard/ui/table/use-shown-columns';

const deployments = { group: 'apps', resource: 'deployments', namespaced: true };
const nodes = { group: '', resource: 'nodes', namespaced: false };

test('[EX3] a view is a command, one line a namespace; what kubectl cannot filter by is a comment', () => {
  assert.equal(
    getView({ kind: deployments, namespaces: [], labelSelector: 'app in (a,b)' }),
    "kubectl get deployments.apps -A -l 'app in (a,b)'",
  );
  assert.equal(
    getView({ kind: deployments, namespaces: ['a', 'b'], further: 'status: failed' }),
    '# the console filters further: status: failed\n' +
      'kubectl get deployments.apps -n a\nkubectl get deployments.apps -n b',
  );
  assert.equal(getView({ kind: nodes, namespaces: ['a'] }), 'kubectl get nodes');
});

test('[EX3] rows are commands by namespace, and nothing in a name is a command of its own', () => {
  const objects = [
    { namespace: 'a', name: 'x' },
    { namespace: 'b', name: 'y' },
    { namespace: 'a', name: 'z' },
  ];
  assert.equal(
    onObjects('describe', deployments, objects),
    'kubectl describe deployments.apps -n a x z\nkubectl describe deployments.apps -n b y',
  );
  assert.equal(
    editObject(nodes, { namespace: undefined, name: 'system:node;rm -rf /' }),
    "kubectl edit nodes 'system:node;rm -rf /'",
  );
  assert.equal(quoted("it's"), String.raw`'it'\''s'`);
  assert.equal(quoted('--all'), "'--all'");
  assert.equal(quoted('$(id)'), "'$(id)'");
});

test('[EX4] the address of a file says what the table shows', () => {
  const query = {
    kind: 'pods',
    namespaces: ['a', 'b'],
    search: 'web',
    where: { status: ['failed', 'a,b;c:d'], node: ['n1'] },
  };
  const url = new URL(exportHref(query, '-age', 'csv', ['name', 'status']), 'http://x');
  const { where, ...rest } = Object.fromEntries(url.searchParams);
  assert.deepEqual(
    [url.pathname, rest],
    [
      '/api/resources/pods',
      { namespace: 'a,b', search: 'web', sort: '-age', format: 'csv', columns: 'name,status' },
    ],
  );
  assert.deepEqual(parseCellFilter(where ?? ''), query.where);
  assert.equal(formatCellFilter({ a: ['b'] }), 'a:b');
  for (const bad of ['a', ':b', 'a:', 'a:%']) assert.equal(parseCellFilter(bad), undefined, bad);
});

test('[EX10] of merged events a table as a file has the rows, YAML has each, and a command says so', () => {
  const query = { kind: 'events', namespaces: ['a'], merge: true as const };
  const merged = (format: 'csv' | 'yaml'): string | null =>
    new URL(exportHref(query, '-last-seen', format, []), 'http://x').searchParams.get('merge');
  assert.equal(merged('csv'), 'true');
  assert.equal(merged('yaml'), null);
  assert.equal(listParams(query, undefined).get('merge'), 'true', 'all that match are chosen as rows');
  assert.equal(
    getView({
      kind: { group: '', resource: 'events', namespaced: true },
      namespaces: ['a'],
      merged: true,
    }),
    '# the console shows what says the same as one row, kubectl each event\nkubectl get events -n a',
  );
});

test('[EX2] chosen columns show in the kind’s order, what names the row always, cells with their column', () => {
  const column = (name: string, more: Partial<TableColumn> = {}): TableColumn => ({
    name,
    title: name,
    type: 'text',
    priority: 0,
    ...more,
  });
  const columns = [column('name'), column('a'), column('b', { priority: 1 }), column('c')];
  const row = { key: 'k' } as LiveRow;
  const all = { columns, cellsOf: () => ['n', '1', '2', '3'] };
  const { columns: shown, cellsOf } = onlyChosen(all, ['c', 'b', 'gone']);
  assert.deepEqual(
    shown.map(({ name, priority }) => [name, priority]),
    [
      ['name', 0],
      ['b', 0],
      ['c', 0],
    ],
  );
  assert.deepEqual(cellsOf(row), ['n', '2', '3']);
  assert.equal(onlyChosen(all, undefined).columns, columns);
});

test('[EX6] kinds stand in their groups, custom ones by API group; a text filters without reordering', () => {
  const kinds = [
    kindOf('', 'events', 'Event'),
    kindOf('events.k8s.io', 'events', 'Event'),
    kindOf('z.example.com', 'as', 'A'),
    kindOf('', 'pods', 'Pod', ['po']),
    kindOf('b.example.com', 'zs', 'Z'),
    kindOf('apps', 'deployments', 'Deployment', ['deploy']),
  ];
  const shape = (typed: string) =>
    kindSections(kinds, typed).map(({ title, kinds }) => [
      title,
      ...kinds.map(({ kind, hint }) => `${kind.kind} ${hint ?? '-'}`),
    ]);
  assert.deepEqual(shape(''), [
    ['Workloads', 'Pod po', 'Deployment deploy'],
    ['Cluster', 'Event core', 'Event events.k8s.io'],
    ['b.example.com', 'Z -'],
    ['z.example.com', 'A -'],
  ]);
  assert.deepEqual(shape('example'), [
    ['b.example.com', 'Z -'],
    ['z.example.com', 'A -'],
  ]);
  assert.deepEqual(shape('events.k8s'), [['Cluster', 'Event events.k8s.io']]);
  assert.deepEqual(shape('nothing'), []);
});

function kindOf(group: string, resource: string, kind: string, shortNames: string[] = []): KindSummary {
  return {
    path: `${group}/v1/${resource}`,
    group,
    version: 'v1',
    resource,
    kind,
    namespaced: true,
    singular: kind.toLowerCase(),
    shortNames,
    categories: [],
    verbs: ['list', 'watch'],
    subresources: [],
  };
}
