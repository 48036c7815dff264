import { overviewCases } from './overview-cases.ts';
import { usageCases } from './usage-cases.ts';
import { roomFixture } from './room-fixture.ts';

const fixture = await roomFixture();
overviewCases(fixture);
usageCases(fixture);
