import koffi from 'koffi';

// Every file of root tests gets an empty network of its own, so that none
// meets what another left. The test runner as a whole already has one of its
// own: see run-tier.ts.

const CLONE_NEWNET = 0x40000000;

const unshare = koffi.load(null).func('int unshare(int flags)') as (flags: number) => number;
// Tests that are only counted change nothing, and their user may not make a network.
const onlyCounted = process.env.MARGAY_TESTS_ONLY_COUNTED === '1';
if (!onlyCounted && unshare(CLONE_NEWNET) !== 0) {
  throw new Error(`cannot make a network for this test file: errno ${koffi.errno()}`);
}
