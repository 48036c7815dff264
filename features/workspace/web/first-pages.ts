import type { ComponentType } from 'react';
import type { FirstPage } from '@krateyard/ui/page/first-page';

type Loaded = Promise<{ default: ComponentType }>;

export const loadResourcesPage = async (): Loaded => ({
  default: (await import('./resources-page.tsx')).ResourcesPage,
});

export const loadObjectPage = async (): Loaded => ({
  default: (await import('./object/object-page.tsx')).ObjectPage,
});

export const loadOverviewPage = async (): Loaded => ({
  default: (await import('./overview/overview-page.tsx')).OverviewPage,
});

/** The pages that people open the console with. The console starts at the overview. */
export const firstPages: readonly FirstPage[] = [
  { path: '/overview', load: loadOverviewPage },
  { path: '/resources', load: loadResourcesPage },
  { path: '/resource', load: loadObjectPage },
];
