import { consoleFixture } from './console-fixture.ts';
import { mainPathCases } from './main-path-cases.ts';

mainPathCases(await consoleFixture());
