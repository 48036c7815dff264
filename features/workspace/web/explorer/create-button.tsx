import { useMemo, type ReactElement } from 'react';
import { useLocation } from 'wouter';
import { useKeys } from '@krateyard/ui/keys/use-keys';
import { createHref } from '@krateyard/ui/page/object-href';
import { ActionButton } from '@krateyard/ui/parts/action-button.tsx';
import { refusalOf } from '@krateyard/ui/rights/refusal-of';
import { useRights } from '@krateyard/ui/rights/use-rights';
import type { KindSummary } from '../../contract/resource-api.ts';
import { explorerStrings as strings } from './explorer-strings.ts';

/** The way to a new object of the kind that the table shows. */
export function CreateButton(props: {
  readonly kind: KindSummary;
  readonly namespaces: readonly string[];
}): ReactElement {
  const { kind, namespaces } = props;
  const { group, resource } = kind;
  const namespace = namespaces.length === 1 ? namespaces[0] : undefined;
  const [, navigate] = useLocation();
  const [right] = useRights(
    useMemo(() => [{ verb: 'create', group, resource, namespace }], [group, resource, namespace]),
  );
  // Without a namespace the question is whether one may everywhere, which says nothing about one of them.
  const asked = namespace !== undefined || !kind.namespaced;
  const refused = asked ? refusalOf(right) : undefined;
  const create = (): void => navigate(createHref({ namespace, kind: kind.path }));
  useKeys(
    [{ keys: 'N', label: strings.create(kind.kind), group: strings.createKeys, run: create }],
    refused === undefined,
  );
  return (
    <ActionButton
      label={strings.createShort}
      name={strings.create(kind.kind)}
      disabled={refused}
      run={create}
    />
  );
}
