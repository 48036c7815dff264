import { useState, type ReactElement } from 'react';
import { ConfirmDialog } from '@krateyard/ui/dialogs/confirm-dialog.tsx';
import { openDialog } from '@krateyard/ui/dialogs/dialogs';
import { TextField } from '@krateyard/ui/forms/text-field.tsx';
import { actionStrings as strings } from './action-strings.ts';
import type { ActionTarget } from './object-action.ts';
import { postAction, whatOf } from './post-action.ts';
import { fieldAt } from './target-facts.ts';

export function openImageDialog(target: ActionTarget): void {
  openDialog(() => <ImageDialog target={target} />);
}

function ImageDialog({ target }: { readonly target: ActionTarget }): ReactElement {
  const [known] = useState(() => imagesOf(target));
  const [images, setImages] = useState<Readonly<Record<string, string>>>(known);
  const changed = Object.entries(images).filter(([name, image]) => image.trim() !== known[name]);
  const missing = changed.some(([, image]) => image.trim() === '');
  const confirm = async (): Promise<void> => {
    const wanted = Object.fromEntries(changed.map(([name, image]) => [name, image.trim()]));
    await postAction('set-image', [target], { images: wanted });
  };
  return (
    <ConfirmDialog
      title={strings.setImageTitle(whatOf([target]))}
      effects={[strings.setImageHow]}
      verb={strings.setImage}
      tone="calm"
      ready={changed.length > 0 && !missing}
      onConfirm={confirm}
    >
      {Object.keys(known).map((name, index) => (
        <TextField
          key={name}
          label={name}
          value={images[name] ?? ''}
          onChange={(image) => setImages({ ...images, [name]: image })}
          mono
          focused={index === 0}
          error={(images[name] ?? '').trim() === '' ? strings.imageMissing : undefined}
        />
      ))}
    </ConfirmDialog>
  );
}

const POD_SPECS = [
  ['spec', 'jobTemplate', 'spec', 'template', 'spec'],
  ['spec', 'template', 'spec'],
  ['spec'],
] as const;

/** Images by container, whatever kind it is. */
function imagesOf({ object }: ActionTarget): Record<string, string> {
  const spec = POD_SPECS.find((path) => Array.isArray(fieldAt(object, ...path, 'containers'))) ?? ['spec'];
  const containers = ['containers', 'initContainers'].flatMap(
    (field) => (fieldAt(object, ...spec, field) ?? []) as readonly { name?: string; image?: string }[],
  );
  return Object.fromEntries(containers.map(({ name = '', image = '' }) => [name, image]));
}
