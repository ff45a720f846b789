import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { findKubernetesPrograms } from './find-programs.ts';

const folder = mkdtempSync(join(tmpdir(), 'margay-programs-'));
afterAll(() => rmSync(folder, { recursive: true }));

describe('findKubernetesPrograms', () => {
  it('takes the programs of KUBEBUILDER_ASSETS before all others', () => {
    for (const name of ['etcd', 'kube-apiserver']) {
      writeFileSync(join(folder, name), '');
      chmodSync(join(folder, name), 0o755);
    }
    expect(findKubernetesPrograms({ KUBEBUILDER_ASSETS: folder, PATH: '/nowhere' })).toEqual({
      etcd: join(folder, 'etcd'),
      kubeApiserver: join(folder, 'kube-apiserver'),
    });
  });

  it('passes over a file that cannot be run', () => {
    chmodSync(join(folder, 'etcd'), 0o644);
    expect(findKubernetesPrograms({ KUBEBUILDER_ASSETS: folder, PATH: '' })?.etcd).not.toBe(join(folder, 'etcd'));
  });
});
