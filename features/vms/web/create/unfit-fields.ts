import { parseQuantity } from '@krateyard/kube/meta/quantity';
import { isDnsName } from '../../contract/dns-name.ts';
import { hasSize, type CreateForm } from './create-form.ts';
import { createStrings as strings } from './create-strings.ts';
import type { FieldErrors } from './field-errors.ts';

/** What is filled in and cannot be right. Said while the form is not whole; of one that is, the server says all. */
export function unfitFields({ name, namespace, sizing, memory, disks }: CreateForm): FieldErrors {
  const found = new Map<string, string>();
  const look = (field: string, text: string, fits: (text: string) => boolean, words: string): void => {
    if (text.trim() !== '' && !fits(text.trim())) found.set(field, words);
  };
  look('name', name, isDnsName, strings.isNoName);
  look('namespace', namespace, isDnsName, strings.isNoName);
  if (sizing === 'own') look('memory', memory, isQuantity, strings.isNoQuantity);
  for (const [index, disk] of disks.entries())
    if (hasSize(disk.source)) look(`disks.${index}.size`, disk.size, isQuantity, strings.isNoQuantity);
  return found;
}

const isQuantity = (text: string): boolean => parseQuantity(text) !== undefined;
