import { afterAll, beforeAll, describe } from 'vitest';
import { describeDeletion } from './deletion.ts';
import { describeList } from './list.ts';
import { describeObjects } from './objects.ts';
import { Scene, type StoreUnderTest } from './scene.ts';
import { describeWatch } from './watch.ts';
import { describeWrites } from './writes.ts';

export type { StoreUnderTest } from './scene.ts';

export interface StoreContractOptions {
  /** False where the server's history cannot be cut short by a test. */
  readonly canCompact?: boolean;
}

/** The contract of ResourceStore: what every implementation does alike. */
export function describeResourceStore(
  name: string,
  makeStore: () => Promise<StoreUnderTest> | StoreUnderTest,
  { canCompact = true }: StoreContractOptions = {},
): void {
  describe(`ResourceStore: ${name}`, () => {
    const scene = new Scene();
    beforeAll(async () => scene.begin(await makeStore()));
    afterAll(() => scene.end());
    describeObjects(scene);
    describeWrites(scene);
    describeDeletion(scene);
    describeList(scene);
    describeWatch(scene, { canCompact });
  });
}
