import type { Scene } from '../scene.ts';
import { settle, wrong } from '../stages.ts';

/** The overview. */
export const scenes: readonly Scene[] = [
  { name: 'overview', person: 'admin', path: '/overview', stage: (page) => page.waitForTimeout(12_000) },
  {
    name: 'overview-capacity',
    person: 'admin',
    path: '/overview',
    stage: async (page) => {
      await wrong(page);
      await page.getByRole('region', { name: 'Namespaces' }).scrollIntoViewIfNeeded();
    },
  },
  { name: 'overview-one-namespace', person: 'bob', path: '/overview', stage: settle },
  { name: 'overview-nothing', person: 'carol', path: '/overview', stage: settle },
];
