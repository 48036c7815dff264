import type { IconName } from '@krateyard/ui/parts/icon.tsx';
import type { groupOf } from '../kind-groups.ts';

const ICONS: Partial<Readonly<Record<ReturnType<typeof groupOf>, IconName>>> = {
  cluster: 'cluster',
  access: 'key',
};

/** The sign of a group of kinds. */
export const iconOfGroup = (group: ReturnType<typeof groupOf>): IconName => ICONS[group] ?? 'boxes';
