import { randomBytes } from 'node:crypto';

/** So many hexadecimal digits that nobody can guess. */
export const randomHex = (digits: number): string =>
  randomBytes(Math.ceil(digits / 2))
    .toString('hex')
    .slice(0, digits);
