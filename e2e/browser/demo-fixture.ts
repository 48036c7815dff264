import { after } from 'node:test';
import type { Browser, BrowserContextOptions } from 'playwright-core';
import { openBrowser, openPage, type OpenPage } from '../harness/browser.ts';
import { GatewayProcess } from '../harness/gateway-process.ts';

/** A gateway before the embedded cluster with its people and its scene, and a browser. */
export interface DemoFixture {
  readonly gateway: GatewayProcess;
  readonly browser: Browser;
  /** A page of nobody's, nowhere yet. */
  readonly open: (options?: BrowserContextOptions) => Promise<OpenPage>;
  /** A page of the console at `path`, signed in as one of the embedded cluster's people. */
  readonly openAs: (person: string, path: string, options?: BrowserContextOptions) => Promise<OpenPage>;
}

/** For the top level of a test file: everything closes after its last test. */
export async function demoFixture(): Promise<DemoFixture> {
  const gateway = await GatewayProcess.start();
  const browser = await openBrowser();
  after(async () => {
    await browser.close();
    await gateway.close();
  });
  const open = (options?: BrowserContextOptions): Promise<OpenPage> =>
    openPage(browser, { baseURL: gateway.origin, ...options });
  return {
    gateway,
    browser,
    open,
    openAs: async (person, path, options) => {
      const opened = await open(options);
      const answer = await opened.context.request.post('/api/session', { data: { person } });
      if (!answer.ok())
        throw new Error(`${person} could not sign in: ${answer.status()} ${await answer.text()}`);
      await opened.page.goto(path);
      return opened;
    },
  };
}
