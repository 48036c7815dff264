import type { StatusWord } from '@krateyard/ui/words/status-vocabulary';
import type { VmInfo } from '../../contract/vm-api.ts';

/** How well a machine is. */
export function wordOf({ status, phase }: Pick<VmInfo, 'status' | 'phase'>): StatusWord {
  if (status === 'Running') return 'Running';
  if (status === 'Stopped') return 'Stopped';
  if (/error|fail|crash|backoff/i.test(status) || phase === 'Failed') return 'Failed';
  return status === '' || status === 'Unknown' ? 'Unknown' : 'Pending';
}
