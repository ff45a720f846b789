import { findKubernetesPrograms } from '@margay/testkit';
import { afterAll, beforeAll, describe } from 'vitest';
import { describeApply } from './test-support/kubectl-comparison/apply.ts';
import { describeChanges } from './test-support/kubectl-comparison/changes.ts';
import { describeCreate } from './test-support/kubectl-comparison/create.ts';
import { describeCreateRefusals } from './test-support/kubectl-comparison/create-refusals.ts';
import { describeCustomKinds } from './test-support/kubectl-comparison/custom-kinds.ts';
import { describeDeletes } from './test-support/kubectl-comparison/deletes.ts';
import { describeDescribe } from './test-support/kubectl-comparison/describe.ts';
import { describeDiscovered } from './test-support/kubectl-comparison/discovery.ts';
import { makeFixtures } from './test-support/kubectl-comparison/fixtures.ts';
import { describeGet } from './test-support/kubectl-comparison/get.ts';
import { describeNodes } from './test-support/kubectl-comparison/nodes.ts';
import { KubectlPair } from './test-support/kubectl-comparison/pair.ts';
import { describeWaits } from './test-support/kubectl-comparison/waits.ts';
import { describeWantedDifferences } from './test-support/kubectl-comparison/wanted-differences.ts';

const programs = findKubernetesPrograms();

// The real kubectl must do and print the same on our server as on
// kube-apiserver, but for what kubectl-comparison/wanted-differences.ts lists.
describe.skipIf(programs === undefined)('kubectl on both servers', () => {
  let started: KubectlPair | undefined;
  const context = {
    get pair(): KubectlPair {
      if (started === undefined) throw new Error('the servers have not started');
      return started;
    },
  };
  beforeAll(async () => {
    if (programs === undefined) throw new Error('kube-apiserver and etcd are not here');
    started = await KubectlPair.start(programs);
    await makeFixtures(started);
  });
  afterAll(() => started?.close());

  // What only reads comes first: it sees the objects as they were made.
  describeGet(context);
  describeDescribe(context);
  describeDiscovered(context);
  describeWaits(context);
  describeApply(context);
  describeCreate(context);
  describeCreateRefusals(context);
  describeChanges(context);
  describeNodes(context);
  describeDeletes(context);
  describeCustomKinds(context);
  describeWantedDifferences(context);
});
