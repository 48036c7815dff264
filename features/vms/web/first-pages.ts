import type { ComponentType } from 'react';
import type { FirstPage } from '@krateyard/ui/page/first-page';

export const loadVmsPage = async (): Promise<{ default: ComponentType }> => ({
  default: (await import('./vms-page.tsx')).VmsPage,
});

/** The pages that people open the console with. */
export const firstPages: readonly FirstPage[] = [{ path: '/vms', alone: true, load: loadVmsPage }];
