import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { describe, expect, it } from 'vitest';
import { identifyProcess, processState } from './process-identity.ts';

describe('processState', () => {
  it('tells a process from what came after it', async () => {
    const child = spawn('sleep', ['60']);
    await once(child, 'spawn');
    const identity = identifyProcess(child.pid ?? 0);
    if (identity === undefined) throw new Error('the process is not found');
    expect(processState(identity)).toBe('alive');
    expect(processState({ ...identity, startTicks: identity.startTicks - 1 })).toBe('dead');
    expect(processState({ ...identity, bootId: 'another boot' })).toBe('dead');
    expect(processState({ ...identity, pidNamespace: 'pid:[1]' })).toBe('unknown');
    child.kill('SIGKILL');
    await once(child, 'exit');
    expect(processState(identity)).toBe('dead');
    expect(identifyProcess(identity.pid)).toBeUndefined();
  });
});
