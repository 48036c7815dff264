import { consoleFixture } from './console-fixture.ts';
import { shellCases } from './shell-cases.ts';

await shellCases(await consoleFixture());
