import { openBrowser, openPage, axeFindings } from './harness/browser.ts';
import { GatewayProcess } from './harness/gateway-process.ts';
const gateway = await GatewayProcess.start();
const browser = await openBrowser();
try {
  const opened = await openPage(browser, { baseURL: gateway.origin });
  const { page, context } = opened;
  opened.expectRefusals();
  opened.expectNetworkFailures();
  await context.request.post('/api/session', { data: { person: 'admin' } });
  await page.goto('/resources/pods');
  await page.locator('.filter-facts [data-truth="live"]').waitFor({ timeout: 20_000 });
  await page.waitForTimeout(3000);
  const names = await page
    .locator('.row')
    .evaluateAll((rows) => rows.map((r) => r.textContent!.slice(0, 80)));
  console.log(names.join('\n'));
  const list = (await (await context.request.get('/api/resources/pods?ns=payments')).json()) as any;
  const pod = list.items.map((i: any) => i.metadata.name).find((n: string) => n.startsWith('payments-api'));
  const shots: [string, string][] = [
    ['pod', `/logs?ns=payments&pod=${pod}`],
    ['workload', '/logs?ns=payments&kind=deployments&name=payments-api'],
    ['missing', '/logs?ns=payments&pod=nope'],
  ];
  for (const [size, opts] of Object.entries({
    wide: {},
    phone: { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true },
  }) as any)
    for (const colorScheme of ['dark', 'light'] as const) {
      const o = await openPage(browser, { baseURL: gateway.origin, colorScheme, ...opts });
      o.expectRefusals();
      o.expectNetworkFailures();
      await o.context.request.post('/api/session', { data: { person: 'admin' } });
      for (const [name, url] of shots) {
        if (process.argv[2] && !process.argv[2].split(',').includes(name)) continue;
        await o.page.goto(url);
        await o.page.waitForTimeout(2000);
        if (name === 'pod') {
          await o.page.keyboard.press('k');
          await o.page.waitForTimeout(200);
        }
        await o.page.screenshot({ path: `/tmp/logui-shots/${name}-${size}-${colorScheme}.png` });
        console.log(
          name,
          size,
          colorScheme,
          await o.page.locator('.log-line').count(),
          await axeFindings(o.page),
        );
      }
      await o.close().catch((e) => console.log(String(e)));
    }
  await opened.close();
} finally {
  await browser.close();
  await gateway.close();
}
