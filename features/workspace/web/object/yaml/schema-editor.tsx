import { useEffect, useRef, type ReactElement } from 'react';
import { EditorHost, type EditorHostProps } from '@krateyard/ui/editor/editor-host.tsx';
import type { KindSchema } from '../../../contract/kind-schema.ts';
import { hiddenSecrets } from './hidden-secrets.ts';
import { schemaSupport } from './schema-support.ts';

/** The editor with what the schema of the kind on a line knows. The source must stay the same, or read what changes itself. */
export function SchemaEditor({
  schemaAt,
  masked = false,
  ...props
}: Omit<EditorHostProps, 'support'> & {
  readonly schemaAt: (line: number, text: () => string) => KindSchema | undefined;
  /** Values of Secrets are marked as hidden; asked once. */
  readonly masked?: boolean;
}): ReactElement {
  const source = useRef(schemaAt);
  useEffect(() => {
    source.current = schemaAt;
  });
  return (
    <EditorHost
      {...props}
      support={(text) => [schemaSupport((line) => source.current(line, text)), masked ? hiddenSecrets : []]}
    />
  );
}
