/** Set by scripts/testing/run-tier.ts for tests that it runs in namespaces made for them. */
const MARK = 'MARGAY_OWN_NAMESPACES';

/**
 * Stops a test file that would change the machine's own network or mounts:
 * root tests run in namespaces of their own, as `npm test` starts them. Call
 * it before anything else.
 *
 * @throws {Error} nobody made namespaces for this process.
 */
export function requireOwnNamespaces(): void {
  if (process.env[MARK] === '1') return;
  throw new Error('run root tests with: node scripts/test.ts root (here they would change this machine itself)');
}
