import { execFileSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';

/** What the real tests run; both are there before. */
export const NODE_IMAGE = 'kindest/node:v1.34.4';
export const PAUSE_IMAGE = 'registry.k8s.io/pause:3.10.1';

/** Nobody else's. */
export function freeName(purpose: string): string {
  return `kind-node-${purpose}-${randomBytes(3).toString('hex')}`;
}

/** A cluster's containers as Docker tells them, stopped ones too. */
export function containersOf(cluster: string): string[] {
  const argv = ['ps', '--all', '--filter', `label=io.x-k8s.kind.cluster=${cluster}`, '--format', '{{.Names}}'];
  const text = execFileSync('docker', argv, { encoding: 'utf8' });
  return text.split('\n').filter((line) => line !== '');
}
