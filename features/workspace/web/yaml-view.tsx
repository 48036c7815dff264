import { dump } from 'js-yaml';
import { useMemo, type ReactElement } from 'react';
import type { LiveObject } from '@krateyard/ui/live/live-frames';
import { Icon } from '@krateyard/ui/parts/icon.tsx';
import { toast } from '@krateyard/ui/parts/toasts';
import { strings } from './strings.ts';

/** The object as YAML, read only. Loaded on first use. */
export function YamlView({ object }: { readonly object: LiveObject }): ReactElement {
  const text = useMemo(() => dump(object, { noRefs: true, lineWidth: -1 }), [object]);
  const copy = (): void => {
    navigator.clipboard.writeText(text).then(
      () => toast('ok', strings.copied),
      () => toast('warn', strings.copyFailed),
    );
  };
  return (
    <div className="yaml">
      <button type="button" onClick={copy}>
        <Icon name="copy" />
        {strings.copyYaml}
      </button>
      {/* oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- it scrolls, so Tab must reach it */}
      <pre tabIndex={0} aria-label={strings.yaml}>
        {text}
      </pre>
    </div>
  );
}
