import { rightsCases } from './rights-cases.ts';
import { roomFixture } from './room-fixture.ts';

rightsCases(await roomFixture());
