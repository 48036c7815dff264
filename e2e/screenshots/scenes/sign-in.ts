import type { Scene } from '../scene.ts';

/** Before somebody is signed in. */
export const scenes: readonly Scene[] = [
  {
    name: 'sign-in',
    path: '/',
    stage: (page) => page.getByRole('button', { name: 'Sign in', exact: true }).waitFor(),
  },
  {
    name: 'sign-in-refused',
    path: '/',
    stage: async (page) => {
      await page.getByLabel('Bearer token').fill('no-such-token');
      await page.getByRole('button', { name: 'Sign in', exact: true }).click();
      await page.getByRole('alert').waitFor();
    },
  },
];
