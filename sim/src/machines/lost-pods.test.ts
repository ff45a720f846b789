import type { Node, Pod } from '@margay/model';
import { describe, expect, it } from 'vitest';
import { LOST_POD_GRACE_MS, LostPods } from './lost-pods.ts';

const pod = (name: string, nodeName?: string): Pod => ({
  metadata: { name, namespace: 'default' },
  spec: { ...(nodeName !== undefined && { nodeName }) },
});
const node = (name: string): Node => ({ metadata: { name } });
const pods = [pod('waiting'), pod('well', 'here'), pod('early', 'coming'), pod('orphan', 'gone')];
const question = {
  pods,
  nodes: [node('here')],
  awaits: (name: string) => name === 'coming',
  isGone: () => false,
};
const names = ({ lost }: { lost: readonly Pod[] }): string[] => lost.map(({ metadata }) => metadata.name);

describe('LostPods', () => {
  it('finds pods whose node has been missed for the grace period, and no others', () => {
    const lostPods = new LostPods();
    expect(lostPods.find({ ...question, nowMs: 1_000 })).toEqual({ lost: [], nextMs: LOST_POD_GRACE_MS });
    expect(lostPods.find({ ...question, nowMs: 1_001 })).toEqual({ lost: [], nextMs: LOST_POD_GRACE_MS - 1 });
    const found = lostPods.find({ ...question, nowMs: 1_000 + LOST_POD_GRACE_MS });
    expect(names(found)).toEqual(['orphan']);
    expect(found.nextMs).toBeUndefined();
  });

  it('starts anew for a node that came and went', () => {
    const lostPods = new LostPods();
    lostPods.find({ ...question, nowMs: 0 });
    lostPods.find({ ...question, nodes: [node('here'), node('gone')], nowMs: 5_000 });
    expect(names(lostPods.find({ ...question, nowMs: LOST_POD_GRACE_MS }))).toEqual([]);
  });

  it('waits for no node that was taken away', () => {
    expect(names(new LostPods().find({ ...question, isGone: (name) => name === 'gone', nowMs: 0 }))).toEqual([
      'orphan',
    ]);
  });
});
