import { useMemo, type ReactElement } from 'react';
import type { LiveObject } from '@krateyard/ui/live/live-frames';
import { copyText } from '@krateyard/ui/parts/clipboard';
import { Icon } from '@krateyard/ui/parts/icon.tsx';
import { writeYaml } from './object/yaml/write-yaml.ts';
import { strings } from './strings.ts';

/** The object as YAML, read only. Loaded on first use. */
export function YamlView({ object }: { readonly object: LiveObject }): ReactElement {
  const text = useMemo(() => writeYaml(object), [object]);
  return (
    <div className="yaml">
      <button type="button" onClick={() => void copyText(text)}>
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
