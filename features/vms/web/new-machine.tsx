import { useMemo, type ReactElement } from 'react';
import { useLocation } from 'wouter';
import { useKeys } from '@krateyard/ui/keys/use-keys';
import { ActionButton } from '@krateyard/ui/parts/action-button.tsx';
import { refusalOf } from '@krateyard/ui/rights/refusal-of';
import { useRights } from '@krateyard/ui/rights/use-rights';
import { createHref } from './create/create-address.ts';
import { vmStrings as strings } from './vm-strings.ts';

/** The way to the form of new machines, for who may make one. */
export function NewMachine({ namespaces }: { readonly namespaces: readonly string[] }): ReactElement {
  const namespace = namespaces.length === 1 ? namespaces[0] : undefined;
  const [, navigate] = useLocation();
  const [right] = useRights(
    useMemo(
      () => [{ verb: 'create', group: 'kubevirt.io', resource: 'virtualmachines', namespace }],
      [namespace],
    ),
  );
  // Without a namespace the question is whether one may everywhere, which says nothing about one of them.
  const refused = namespace === undefined ? undefined : refusalOf(right);
  const href = createHref(namespace ?? '');
  useKeys(
    [{ keys: 'N', label: strings.newMachine, group: strings.keys, run: () => navigate(href) }],
    refused === undefined,
  );
  return <ActionButton label={strings.newMachine} disabled={refused} run={() => navigate(href)} />;
}
