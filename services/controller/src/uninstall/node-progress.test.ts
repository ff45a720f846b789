import type { Node, Pod } from '@margay/model';
import { describe, expect, it } from 'vitest';
import { isDone, linesOf, reasonOf, silenceOf } from './node-progress.ts';

describe('isDone', () => {
  it.each([
    { name: 'all are ready', status: { observedGeneration: 2, desiredNumberScheduled: 3, numberReady: 3 }, is: true },
    { name: 'one is not', status: { observedGeneration: 2, desiredNumberScheduled: 3, numberReady: 2 }, is: false },
    {
      name: 'there is no node',
      status: { observedGeneration: 2, desiredNumberScheduled: 0, numberReady: 0 },
      is: true,
    },
    { name: 'nobody has counted', status: undefined, is: false },
    { name: 'nobody has counted, but looked', status: { observedGeneration: 2 }, is: false },
    {
      name: 'the count is old',
      status: { observedGeneration: 1, desiredNumberScheduled: 0, numberReady: 0 },
      is: false,
    },
  ])('is $is when $name', ({ status, is }) => {
    expect(isDone({ metadata: { name: 'd', generation: 2 }, ...(status && { status }) })).toBe(is);
  });
});

describe('reasonOf', () => {
  const pod = (container?: object): Pod => ({
    metadata: { name: 'p' },
    status: { initContainerStatuses: container === undefined ? [] : [container] },
  });

  it.each([
    { name: 'the log says why', log: '{"reason":"pods remain","message":"waiting"}\n', says: 'pods remain' },
    { name: 'the log says what', log: 'first\n{"message":"done","what":"routes"}', says: 'done' },
    { name: 'the log is plain', log: 'It failed.\n', says: 'It failed.' },
    { name: 'it ended', container: { lastState: { terminated: { message: 'It failed.\n' } } }, says: 'It failed.' },
    {
      name: 'it cannot start',
      container: { state: { waiting: { reason: 'ErrImagePull', message: 'no such image' } } },
      says: 'no such image',
    },
    { name: 'it starts', container: { state: { waiting: { reason: 'PodInitializing' } } }, says: 'PodInitializing' },
    { name: 'nothing is known', says: 'it has not started yet' },
  ])('tells of a node where $name', ({ log = '', container, says }) => {
    expect(reasonOf(pod(container), log)).toBe(says);
  });
});

describe('silenceOf', () => {
  const node = (status: 'True' | 'False' | 'Unknown', message?: string): Node => ({
    metadata: { name: 'n' },
    status: { conditions: [{ type: 'Ready', status, ...(message !== undefined && { message }) }] },
  });

  it('tells of a node whose kubelet is silent what becomes of it', () => {
    expect(silenceOf(node('Unknown', 'Kubelet stopped posting node status.'))).toBe(
      'the node does not answer (Kubelet stopped posting node status): it is cleaned when it comes back; if it never does, delete the Node',
    );
  });

  it.each([
    { name: 'is ready', node: node('True') },
    { name: 'has no network', node: node('False', 'cni plugin not initialized') },
    { name: 'is not there', node: undefined },
  ])('says nothing of one that $name', ({ node }) => {
    expect(silenceOf(node)).toBeUndefined();
  });
});

describe('linesOf', () => {
  it('sorts the nodes, and counts those that are too many', () => {
    const late = Array.from({ length: 23 }, (_, index) => ({
      node: `n${String(22 - index).padStart(2, '0')}`,
      reason: 'r',
    }));
    const lines = linesOf(late);
    expect([lines.length, lines[0], lines[19], lines[20]]).toEqual([21, '- n00: r', '- n19: r', '- and 3 more']);
    expect(linesOf(late.slice(3))).toHaveLength(20);
  });
});
