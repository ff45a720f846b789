import { join } from 'node:path';
import { checkBoundaries } from './check-boundaries.ts';

// Part of `npm run lint`.

const violations = await checkBoundaries(join(import.meta.dirname, '../..'));
for (const violation of violations) process.stdout.write(`${violation}\n`);
process.stdout.write(
  violations.length === 0
    ? 'Every import keeps to the layers.\n'
    : `${violations.length} imports do not keep to the layers.\n`,
);
process.exitCode = violations.length === 0 ? 0 : 1;
