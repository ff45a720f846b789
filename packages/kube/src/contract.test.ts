import { describeResourceStore } from '@margay/testkit';
import { startTestServer } from '../test/start-test-server.ts';
import { createClientNodeStore, createThinStore } from './index.ts';

describeResourceStore("the official client on the simulator's API server", () =>
  startTestServer(createClientNodeStore),
);
describeResourceStore("the thin client on the simulator's API server", () => startTestServer(createThinStore));
