import { describeResourceStore } from '../store-contract/describe-resource-store.ts';
import { MemoryStore } from './memory-store.ts';

describeResourceStore('in memory', () => {
  const store = new MemoryStore();
  return { store, namespace: 'default', compact: () => store.compact() };
});
