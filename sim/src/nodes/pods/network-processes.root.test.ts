import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { requireOwnNamespaces } from '@margay/testkit';
import { expect, it } from 'vitest';
import { createNamedNamespace, removeNamedNamespace } from '../native/namespace.ts';
import { killAllInNetwork, startProcess } from './process.ts';

requireOwnNamespaces();

it('killAllInNetwork ends what runs in a pod’s network, and nothing of the node', async () => {
  const dir = mkdtempSync(join(tmpdir(), 'margay-process-'));
  const netnsPath = join(dir, 'netns');
  createNamedNamespace(netnsPath);
  try {
    const spec = { command: ['sleep', '600'], env: { PATH: process.env.PATH ?? '' }, logPath: join(dir, 'log') };
    const inPod = await startProcess({ ...spec, netnsPath });
    const onNode = await startProcess({ ...spec, netnsPath: '' });
    // nsenter is in the pod's network once it has become the command.
    const signalled = inPod.ended;
    const again = setInterval(() => killAllInNetwork(netnsPath), 20);
    expect(await signalled).toBe(137);
    clearInterval(again);
    killAllInNetwork('/proc/self/ns/net');
    killAllInNetwork(join(dir, 'nowhere'));
    process.kill(onNode.record.pid, 0);
    onNode.signal('SIGTERM');
    expect(await onNode.ended).toBe(143);
  } finally {
    removeNamedNamespace(netnsPath);
    rmSync(dir, { recursive: true });
  }
});
