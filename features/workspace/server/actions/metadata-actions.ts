import { StatusError } from '@krateyard/status/status-error';
import type { ActionBody } from '../../contract/action-api.ts';
import type { Action, ActionCall, Expectation } from './action.ts';
import { patchObject } from './patch-object.ts';
import { expectSpec, seenWhen } from './workload-actions.ts';

type MetadataBody = ActionBody<'label'>;
type Field = 'labels' | 'annotations';

const changesOf = ({ set = {}, remove = [] }: MetadataBody): Record<string, string | null> => ({
  ...Object.fromEntries(remove.map((name) => [name, null])),
  ...set,
});

/** Labels of 63 characters; the API server says so too, but for each of 500 objects. */
function check(field: Field, body: MetadataBody): void {
  const changes = Object.entries(changesOf(body));
  if (changes.length === 0) throw new StatusError('BadRequest', `no ${field} to set or remove were given`);
  if (field === 'annotations') return;
  for (const [name, value] of changes) {
    if (value === null || /^([A-Za-z0-9]([A-Za-z0-9._-]{0,61}[A-Za-z0-9])?)?$/.test(value)) continue;
    throw new StatusError(
      'Invalid',
      `the value of label "${name}" must be at most 63 letters, digits, "-", "_" and ".", beginning and ending with a letter or digit`,
    );
  }
}

const ask =
  (field: Field) =>
  async (call: ActionCall, body: MetadataBody): Promise<Expectation> => {
    const changes = changesOf(body);
    const written = await patchObject(call, 'merge', { metadata: { [field]: changes } });
    return expectSpec(call, written, ({ metadata }) => {
      const now = metadata[field] ?? {};
      const shown = Object.entries(changes).every(([name, value]) => (now[name] ?? null) === value);
      return seenWhen(shown, 'The watch has not shown it yet');
    });
  };

const title =
  (field: Field) =>
  (what: string, body: MetadataBody): string => {
    const { set = {}, remove = [] } = body;
    const words = [
      ...Object.entries(set).map(([name, value]) => `${name}=${value}`),
      ...remove.map((n) => `-${n}`),
    ];
    const told = words.length > 3 ? `${words.length} ${field}` : words.join(' ').slice(0, 120);
    return `${field === 'labels' ? 'Label' : 'Annotate'} ${what}: ${told}`;
  };

const about = (field: Field): Action<MetadataBody> => ({
  title: title(field),
  check: (_object, body) => check(field, body),
  ask: ask(field),
});

export const label = about('labels');
export const annotate = about('annotations');
