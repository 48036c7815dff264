import { statusOf } from '@krateyard/ui/live/api-client';
import type { LiveObject, LiveStatus } from '@krateyard/ui/live/live-frames';
import type { ManagedFieldsEntry } from '@krateyard/kube/meta/object';
import type { Written } from '../../../contract/resource-api.ts';
import { editable, identityProblem } from './editable-object.ts';
import { isFields, sameValue } from './field-path.ts';
import { ownersOf, type FieldOwner } from './field-owners.ts';
import { changesBetween, mergePatchOf, type FieldChange } from './merge-patch.ts';
import { mergeThreeWays, type FieldConflict } from './three-way-merge.ts';

/** What an edit asks of the gateway. All reject with ApiError. */
export interface EditApi {
  /** The object in full, with its managedFields. */
  read(): Promise<LiveObject>;
  patch(patch: unknown, dryRun: boolean): Promise<Written>;
}

export interface OwnedChange extends FieldChange {
  /** Managers other than us, of the field as it is. */
  readonly owners: readonly FieldOwner[];
}

/** What was typed joined with what the object is now, and what the API server would make of it. */
export interface Review {
  readonly type: 'review';
  /** What the patch is against; its resourceVersion is the precondition. */
  readonly base: LiveObject;
  readonly mine: LiveObject;
  readonly patch: unknown;
  readonly result: LiveObject;
  readonly warnings: readonly string[];
  readonly changes: readonly OwnedChange[];
  /** Fields that somebody else changed meanwhile and that were taken over. */
  readonly joined: number;
}

export interface Conflict {
  readonly type: 'conflict';
  readonly base: LiveObject;
  readonly mine: LiveObject;
  readonly theirs: LiveObject;
  readonly conflicts: readonly FieldConflict[];
}

export type Outcome =
  | { readonly type: 'nothing' }
  | Review
  | Conflict
  | { readonly type: 'gone' }
  | { readonly type: 'refused'; readonly status: LiveStatus };

/** The field manager under which the gateway writes unless it is told another. */
const OURS = 'krateyard';
/** Somebody may change the object again while we ask; a controller that never rests must not hold us. */
const MOST_TRIES = 4;

/**
 * Asks the API server, by a dry run, what it would make of an edit. When the object was changed meanwhile, the changes are
 * joined field by field, and only those fields that both sides changed differently are left to decide. Never rejects.
 */
export async function reviewEdit(api: EditApi, base: LiveObject, mine: LiveObject): Promise<Outcome> {
  const wrong = identityProblem(base, mine);
  if (wrong !== undefined) return refused({ message: wrong, reason: 'Invalid', code: 422 });
  let [from, to] = [base, mine];
  let joined = 0;
  for (let tries = 1; ; tries += 1) {
    const patch = mergePatchOf(editable(from), editable(to));
    if (patch === undefined) return { type: 'nothing' };
    try {
      const { object, warnings } = await api.patch(preconditioned(patch, from), true);
      return { ...reviewOf(from, to, object as LiveObject, joined), patch, warnings };
    } catch (error) {
      const status = statusOf(error);
      if (status.code === 404) return { type: 'gone' };
      if (status.code !== 409 || tries === MOST_TRIES) return refused(status);
    }
    const theirs = await readAgain(api);
    if (!('metadata' in theirs)) return theirs;
    const merge = mergeThreeWays(editable(from), editable(to), editable(theirs));
    if (merge.conflicts.length > 0) {
      return { type: 'conflict', base: from, mine: to, theirs, conflicts: merge.conflicts };
    }
    joined += changesBetween(withoutStatus(from), withoutStatus(theirs)).length;
    [from, to] = [theirs, merge.value as LiveObject];
  }
}

const refused = (status: LiveStatus): Outcome => ({ type: 'refused', status });

async function readAgain(api: EditApi): Promise<LiveObject | Exclude<Outcome, Review>> {
  try {
    return await api.read();
  } catch (error) {
    const status = statusOf(error);
    return status.code === 404 ? { type: 'gone' } : { type: 'refused', status };
  }
}

/** A patch that holds only for the version that it was made against. */
export function preconditioned(patch: unknown, base: LiveObject): unknown {
  const fields = isFields(patch) ? patch : {};
  const metadata = isFields(fields['metadata']) ? fields['metadata'] : {};
  return { ...fields, metadata: { ...metadata, resourceVersion: base.metadata['resourceVersion'] } };
}

function reviewOf(
  base: LiveObject,
  mine: LiveObject,
  result: LiveObject,
  joined: number,
): Omit<Review, 'patch' | 'warnings'> {
  const managed = base.metadata['managedFields'] as readonly ManagedFieldsEntry[] | undefined;
  const changes = changesBetween(editable(base), editable(mine)).map((change) => ({
    ...change,
    owners: ownersOf(managed, change.path).filter(({ manager }) => manager !== OURS),
  }));
  return { type: 'review', base, mine, result, changes, joined };
}

/** Managers that say what a field should be, and will again: their fields are taken only when the person says so. */
export function appliersOf(changes: readonly OwnedChange[]): readonly string[] {
  const found = changes.flatMap(({ owners }) => owners.filter(({ operation }) => operation === 'Apply'));
  return [...new Set(found.map(({ manager }) => manager))];
}

/** Whether the API server would change anything that a person can edit. */
export const changesNothing = ({ base, result }: Review): boolean =>
  sameValue(withoutStatus(base), withoutStatus(result));

function withoutStatus(object: LiveObject): unknown {
  const { status: _, ...rest } = editable(object);
  return rest;
}

/** Who else has changed a field that is in conflict, as far as the API server remembers. */
export function conflictOwners({ theirs }: Conflict, { path }: FieldConflict): readonly FieldOwner[] {
  const managed = theirs.metadata['managedFields'] as readonly ManagedFieldsEntry[] | undefined;
  return ownersOf(managed, path);
}
