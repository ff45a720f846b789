import { describeFilterTables } from '@margay/testkit';
import { MemoryFilterTables } from './memory-filter-tables.ts';

describeFilterTables('memory', async () => {
  const filterTables = new MemoryFilterTables();
  return {
    filterTables,
    addChain: (...chain) => filterTables.addChain(...chain),
    addRule: (...rule) => filterTables.addRule(...rule),
    addSet: (...set) => filterTables.addSet(...set),
    dispose: () => {},
  };
});
