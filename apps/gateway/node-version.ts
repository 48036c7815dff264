/** The oldest that has what we call (ADR 0004): 24 is what `npm ci` installs and what every test runs on. */
const NEEDED_MAJOR = 24;

/**
 * What to do when the Node that runs us is too old; undefined when it is not. Asked before anything starts: an older one
 * gets as far as a sign-in page and fails in every part behind it.
 *
 * @param version as `process.versions.node` gives it, such as `20.20.2`
 */
export function nodeTooOld(version: string): string | undefined {
  if (Number.parseInt(version, 10) >= NEEDED_MAJOR) return undefined;
  return (
    `this is Node ${version}, and Node ${NEEDED_MAJOR} or later is needed. ` +
    '`npm start -- FLAGS` uses the one that `npm ci` has installed; so does node_modules/.bin/node.'
  );
}
