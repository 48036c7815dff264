import type { ActionBody } from '../../contract/action-api.ts';
import { at } from '../../contract/columns/read.ts';
import { requireOneOf, type Action, type ActionCall, type Expectation } from './action.ts';
import { patchObject } from './patch-object.ts';
import { expectSpec, seenWhen } from './workload-actions.ts';

export const NODES = new Set(['/nodes']);

const cordonTo =
  (unschedulable: boolean) =>
  async (call: ActionCall): Promise<Expectation> => {
    const written = await patchObject(call, 'merge', {
      spec: { unschedulable: unschedulable ? true : null },
    });
    return expectSpec(call, written, (node) =>
      seenWhen(
        (at(node, 'spec', 'unschedulable') === true) === unschedulable,
        'The watch has not shown it yet',
      ),
    );
  };

export const cordon: Action<ActionBody<'cordon'>> = {
  title: (what) => `Cordon ${what}`,
  check: ({ kind }) => requireOneOf(kind, NODES, 'cordoned'),
  ask: cordonTo(true),
};

export const uncordon: Action<ActionBody<'uncordon'>> = {
  title: (what) => `Uncordon ${what}`,
  check: ({ kind }) => requireOneOf(kind, NODES, 'uncordoned'),
  ask: cordonTo(false),
};
