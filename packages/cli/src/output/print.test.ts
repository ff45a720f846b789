import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';

describe('flushed', () => {
  it('waits for a slow reader before the process ends', async () => {
    const module = join(import.meta.dirname, 'print.ts');
    const script = `import { flushed, print } from ${JSON.stringify(module)};
      for (let line = 0; line < 20_000; line++) print('x'.repeat(99));
      await flushed();
      process.exit(0);`;
    const child = spawn(process.execPath, ['--input-type=module-typescript', '-e', script], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    let received = 0;
    child.stdout.on('data', (bytes: Buffer) => {
      received += bytes.length;
      // The reader turns away after every piece.
      child.stdout.pause();
      setImmediate(() => child.stdout.resume());
    });
    await once(child, 'close');
    expect(received).toBe(2_000_000);
  });
});
