import { consoleFixture } from './console-fixture.ts';
import { logsCases } from './logs-cases.ts';

await logsCases(await consoleFixture());
