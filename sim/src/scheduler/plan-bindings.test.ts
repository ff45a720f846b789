import type { Node, Pod } from '@margay/model';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { planBindings } from './plan-bindings.ts';

const node = (
  name: string,
  options: { ready?: boolean; unschedulable?: boolean; labels?: Record<string, string> } = {},
): Node => ({
  metadata: { name, ...(options.labels && { labels: options.labels }) },
  spec: { unschedulable: options.unschedulable ?? false },
  status: { conditions: [{ type: 'Ready', status: options.ready === false ? 'False' : 'True' }] },
});
const pod = (name: string, spec: Pod['spec'] = {}, rest: { phase?: string; deletionTimestamp?: string } = {}): Pod => ({
  metadata: {
    namespace: 'default',
    name,
    ...(rest.deletionTimestamp && { deletionTimestamp: rest.deletionTimestamp }),
  },
  spec,
  status: { phase: rest.phase ?? 'Pending' },
});
const show = (pods: Pod[], nodes: Node[]): string[] =>
  planBindings(pods, nodes).map((binding) => `${binding.pod}>${binding.node}`);

describe('planBindings', () => {
  it.each([
    {
      name: 'takes the node with the fewest pods',
      pods: [pod('a', { nodeName: 'n1' }), pod('b')],
      nodes: [node('n1'), node('n2')],
      want: ['b>n2'],
    },
    {
      name: 'spreads many',
      pods: [pod('a'), pod('b'), pod('c'), pod('d')],
      nodes: [node('n1'), node('n2')],
      want: ['a>n1', 'b>n2', 'c>n1', 'd>n2'],
    },
    {
      name: 'skips nodes that are not Ready',
      pods: [pod('a')],
      nodes: [node('n1', { ready: false }), node('n2')],
      want: ['a>n2'],
    },
    {
      name: 'skips cordoned nodes',
      pods: [pod('a')],
      nodes: [node('n1', { unschedulable: true }), node('n2')],
      want: ['a>n2'],
    },
    {
      name: 'leaves a pod without a fitting node',
      pods: [pod('a', { nodeSelector: { disk: 'ssd' } })],
      nodes: [node('n1')],
      want: [],
    },
    {
      name: 'honours a nodeSelector',
      pods: [pod('a', { nodeSelector: { disk: 'ssd' } })],
      nodes: [node('n1'), node('n2', { labels: { disk: 'ssd' } })],
      want: ['a>n2'],
    },
    {
      name: 'knows every node by its host name',
      pods: [pod('a', { nodeSelector: { 'kubernetes.io/hostname': 'n2' } })],
      nodes: [node('n1'), node('n2')],
      want: ['a>n2'],
    },
    {
      name: 'does not count pods that have ended',
      pods: [pod('a', { nodeName: 'n1' }, { phase: 'Succeeded' }), pod('b')],
      nodes: [node('n1'), node('n2')],
      want: ['b>n1'],
    },
    {
      name: 'leaves pods that are being deleted',
      pods: [pod('a', {}, { deletionTimestamp: '2026-01-01T00:00:00Z' })],
      nodes: [node('n1')],
      want: [],
    },
  ])('$name', ({ pods, nodes, want }) => {
    expect(show(pods, nodes)).toEqual(want);
  });

  it('does not depend on the order of its inputs, and leaves loads at most one apart', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 30 }),
        fc.integer({ min: 1, max: 8 }),
        fc.infiniteStream(fc.nat()),
        (count, size, random) => {
          const pods = Array.from({ length: count }, (_, index) => pod(`p${index}`));
          const nodes = Array.from({ length: size }, (_, index) => node(`n${index}`));
          const shuffled = pods.map((value) => ({ value, key: random.next().value })).toSorted((a, b) => a.key - b.key);
          const plan = planBindings(pods, nodes);
          expect(
            planBindings(
              shuffled.map(({ value }) => value),
              nodes.toReversed(),
            ),
          ).toEqual(plan);
          const loads = nodes.map(({ metadata }) => plan.filter((binding) => binding.node === metadata.name).length);
          expect(Math.max(...loads) - Math.min(...loads)).toBeLessThanOrEqual(1);
        },
      ),
      { numRuns: 50 },
    );
  });
});
