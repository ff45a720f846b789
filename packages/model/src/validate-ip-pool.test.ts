import { describe, expect, it } from 'vitest';
import type { IPPool } from './ipam.ts';
import { validateIpPool } from './validate-ip-pool.ts';

function pool(cidr: string, blockSize?: number, name = 'pool'): IPPool {
  return { metadata: { name }, spec: { cidr, ...(blockSize === undefined ? {} : { blockSize }) } };
}

describe('validateIpPool', () => {
  it.each([
    { name: 'a pool of one block', cidr: '10.0.0.0/26' },
    { name: 'a small pool that says so', cidr: '10.0.0.0/28', blockSize: 28 },
    { name: 'a pool of small blocks', cidr: '10.0.0.0/30', blockSize: 32 },
    { name: 'a neighbour of another pool', cidr: '192.0.3.0/24' },
  ])('takes $name', ({ cidr, blockSize }) => {
    expect(validateIpPool(pool(cidr, blockSize), [pool('192.0.2.0/24', undefined, 'other')])).toEqual([]);
  });

  it.each([
    { name: 'host bits', cidr: '10.0.0.1/16', field: 'spec.cidr', why: 'write 10.0.0.0/16' },
    { name: 'no range', cidr: 'all', field: 'spec.cidr', why: 'is not a CIDR' },
    { name: 'IPv6', cidr: '2001:db8::/64', field: 'spec.cidr', why: 'not supported yet' },
    { name: 'less than a block', cidr: '10.0.0.0/27', field: 'spec.cidr', why: 'smaller than one of its blocks (/26)' },
    {
      name: 'a small pool without a block size',
      cidr: '10.0.0.0/28',
      field: 'spec.cidr',
      why: 'blockSize to 28 or more',
    },
    {
      name: 'a block that is too large',
      cidr: '10.0.0.0/8',
      blockSize: 19,
      field: 'spec.blockSize',
      why: 'between 20 and 32',
    },
    {
      name: 'a block that is too small',
      cidr: '10.0.0.0/8',
      blockSize: 33,
      field: 'spec.blockSize',
      why: 'between 20 and 32',
    },
    {
      name: 'a range around another pool',
      cidr: '192.0.0.0/16',
      field: 'spec.cidr',
      why: 'overlaps with pool other (192.0.2.0/24)',
    },
    { name: 'a range inside another pool', cidr: '192.0.2.64/26', field: 'spec.cidr', why: 'overlaps with pool other' },
  ])('refuses $name', ({ cidr, blockSize, field, why }) => {
    const errors = validateIpPool(pool(cidr, blockSize), [pool('192.0.2.0/24', undefined, 'other')]);
    expect(errors.map((error) => error.field)).toEqual([field]);
    expect(errors[0]?.why).toContain(why);
  });

  it('does not hold a pool against itself', () => {
    expect(validateIpPool(pool('10.0.0.0/16'), [pool('10.0.0.0/16')])).toEqual([]);
  });
});
