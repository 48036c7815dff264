import type { Page } from 'playwright-core';
import type { Scene } from '../scene.ts';
import { headline, live } from '../stages.ts';

/** What is said about how true the page is. */
export const scenes: readonly Scene[] = [
  {
    name: 'loading',
    person: 'admin',
    path: '/resources/pods',
    stage: async (page) => {
      await page.routeWebSocket('**/ws/watch', () => {});
      await page.reload();
      await page.locator('.loading-rows').waitFor();
    },
  },
  { name: 'lagging', person: 'admin', path: '/resources/pods', stage: (page) => note(page, 'lagging') },
  {
    name: 'cluster-gone',
    person: 'admin',
    path: '/resources/pods',
    stage: (page) => note(page, 'disconnected'),
  },
  {
    name: 'lost-right',
    person: 'admin',
    path: '/resources/secrets',
    stage: async (page) => {
      const status = {
        kind: 'Status',
        reason: 'Forbidden',
        code: 403,
        message:
          'secrets is forbidden: User "admin" cannot list resource "secrets" in API group "" at the cluster scope',
      };
      await retell(page, (frame) =>
        frame.type === 'synced' ? [frame, { type: 'ended', stream: frame.stream, status }] : [frame],
      );
      await headline(page, /lost the right/);
    },
  },
  {
    name: 'disconnected',
    person: 'admin',
    path: '/resources/pods',
    kills: true,
    stage: async (page, gateway) => {
      await live(page);
      await gateway.kill();
      await page.getByText('Disconnected from the gateway').waitFor();
    },
  },
  {
    name: 'gateway-gone',
    person: 'admin',
    path: '/resources/pods',
    kills: true,
    stage: async (page, gateway) => {
      await live(page);
      await page.route('**/api/session', (route) => route.abort());
      await page.reload();
      await headline(page, /does not answer/);
      await gateway.kill();
    },
  },
];

interface Told {
  readonly type: string;
  readonly stream: string;
}

/** Changes what the gateway says on its way to the page: for states that last too short to be caught. */
async function retell(page: Page, change: (frame: Told) => readonly object[]): Promise<void> {
  await page.routeWebSocket('**/ws/watch', (socket) => {
    const server = socket.connectToServer();
    server.onMessage((text) => {
      for (const frame of change(JSON.parse(String(text)) as Told)) socket.send(JSON.stringify(frame));
    });
  });
  await page.reload();
}

async function note(page: Page, state: string): Promise<void> {
  const freshness = {
    state,
    observedAt: new Date(Date.now() - 4000).toISOString(),
    lagMs: 4000,
    reason: 'The connection to the API server was refused.',
  };
  await retell(page, (frame) => {
    if (frame.type === 'synced') return [{ ...frame, freshness }];
    return [frame.type === 'freshness' ? { ...frame, ...freshness } : frame];
  });
  await page.locator(`.filter-facts [data-truth="${state}"]`).waitFor();
}
