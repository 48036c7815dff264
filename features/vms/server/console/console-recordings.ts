import type { AccessQuestion } from '@krateyard/auth/access';
import { VIRTUAL_MACHINES } from '../machine-types.ts';
import { consoleQuestion } from './console-dial.ts';

/** Of recordings of serial consoles: who may open the console may see them, who may delete the machine may remove them. */
export const consoleRecordings = {
  see: (namespace: string, name?: string): AccessQuestion => consoleQuestion(namespace, name),
  remove: (namespace: string, name: string): AccessQuestion => ({
    verb: 'delete',
    resource: VIRTUAL_MACHINES,
    namespace,
    name,
  }),
};
