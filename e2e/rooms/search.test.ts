import { roomFixture } from './room-fixture.ts';
import { searchCases } from './search-cases.ts';

searchCases(await roomFixture());
