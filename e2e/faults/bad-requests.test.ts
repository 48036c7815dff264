import { registerBadRequestCases } from './bad-requests-cases.ts';

await registerBadRequestCases();
