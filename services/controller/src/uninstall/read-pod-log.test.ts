import type { Transport } from '@margay/kube';
import type { Pod } from '@margay/model';
import { describe, expect, it } from 'vitest';
import { readPodLog } from './read-pod-log.ts';

const POD: Pod = { metadata: { namespace: 'n', name: 'p' } };

function answering(status: number, text: string, asked: string[] = []): Transport {
  return {
    send: async ({ method, path }) => {
      asked.push(`${method} ${path}`);
      return { status, text: async () => text, chunks: async function* () {} };
    },
  };
}

describe('readPodLog', () => {
  it('asks for the last lines of the container that cleans', async () => {
    const asked: string[] = [];
    expect(await readPodLog(answering(200, 'last words\n', asked), POD)).toBe('last words\n');
    expect(asked).toEqual(['GET /api/v1/namespaces/n/pods/p/log?container=uninstall&tailLines=3']);
  });

  it('rejects while there is no log', async () => {
    await expect(readPodLog(answering(400, 'container is waiting to start'), POD)).rejects.toThrow(
      '400: container is waiting to start',
    );
  });
});
