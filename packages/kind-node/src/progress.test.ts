import { describe, expect, it } from 'vitest';
import { parseProgressLine } from './progress.ts';

describe('parseProgressLine', () => {
  it.each([
    [
      ' • Ensuring node image (kindest/node:v1.34.4) 🖼️  ...',
      'image',
      'begin',
      'Ensuring node image (kindest/node:v1.34.4)',
    ],
    [' ✓ Preparing nodes 📦 📦 ', 'nodes', 'done', 'Preparing nodes'],
    [
      ' • Configuring the external load balancer ⚖️  ...',
      'load-balancer',
      'begin',
      'Configuring the external load balancer',
    ],
    [' ✓ Writing configuration 📜', 'config', 'done', 'Writing configuration'],
    [' • Starting control-plane 🕹️  ...', 'control-plane', 'begin', 'Starting control-plane'],
    [' ✗ Installing CNI 🔌', 'cni', 'failed', 'Installing CNI'],
    [' • Installing StorageClass 💾  ...', 'storage', 'begin', 'Installing StorageClass'],
    [' • Joining worker nodes 🚜  ...', 'join', 'begin', 'Joining worker nodes'],
    [' ✗ Waiting ≤ 1s for control-plane = Ready ⏳', 'wait', 'failed', 'Waiting ≤ 1s for control-plane = Ready'],
    [' • Something new  ...', 'other', 'begin', 'Something new'],
    [
      'Image: "example.com/a:1" with ID "sha256:12" not yet present on node "k-worker", loading...',
      'load-image',
      'begin',
      '"example.com/a:1" with ID "sha256:12" to k-worker',
    ],
  ])('reads %j', (line, step, state, detail) => {
    expect(parseProgressLine(line)).toEqual({ step, state, detail });
  });

  it.each([
    'Creating cluster "kind" ...',
    'cgroup v1 is deprecated in Kubernetes',
    'ERROR: failed to create cluster',
    'Set kubectl context to "kind-kind"',
    '',
  ])('passes over %j', (line) => {
    expect(parseProgressLine(line)).toBeUndefined();
  });
});
