import { registerLeakCases } from './leaks-cases.ts';

await registerLeakCases();
