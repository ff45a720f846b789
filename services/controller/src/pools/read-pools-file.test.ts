import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { readPoolsFile } from './read-pools-file.ts';

let file: string;

beforeEach(() => {
  file = join(mkdtempSync(join(tmpdir(), 'margay-pools-')), 'pools.yaml');
});
afterEach(() => {
  rmSync(join(file, '..'), { recursive: true });
});

const POOL = `- apiVersion: networking.margay.dev/v1
  kind: IPPool
  metadata:
    name: first
  spec:
    cidr: 10.8.0.0/16
    ipipMode: Always
`;

function read(text: string): ReturnType<typeof readPoolsFile> {
  writeFileSync(file, text);
  return readPoolsFile(file);
}

/** What is printed, without the name of the file. */
function refusal(text: string): string {
  try {
    read(text);
  } catch (error) {
    return (error as Error).message.replaceAll(`--pools-file: ${file}: `, '');
  }
  return 'accepted';
}

describe('readPoolsFile', () => {
  it('reads a list of pools', () => {
    expect(read(POOL)).toEqual([
      {
        apiVersion: 'networking.margay.dev/v1',
        kind: 'IPPool',
        metadata: { name: 'first' },
        spec: { cidr: '10.8.0.0/16', ipipMode: 'Always' },
      },
    ]);
  });

  it.each(['', '[]', '# none\n'])('reads no pools from %j', (text) => {
    expect(read(text)).toEqual([]);
  });

  it.each([
    {
      name: 'a wrong value',
      text: POOL.replace('Always', 'Sometimes'),
      says: 'line 7: spec.ipipMode is "Sometimes": it must be one of Always, CrossSubnet, Never.',
    },
    {
      name: 'a field that there is not',
      text: POOL.replace('ipipMode', 'ipIpMode'),
      says: /^line 7: spec.ipIpMode: there is no field ipIpMode here; the fields are cidr, .*\.$/,
    },
    {
      name: 'a network that is none',
      text: POOL.replace('10.8.0.0/16', '10.8.0.1/16'),
      says: /^line 6: pool first: spec.cidr "10.8.0.1\/16": .+\.$/,
    },
    {
      name: 'a pool without a network',
      text: POOL.replace('    cidr: 10.8.0.0/16\n', ''),
      says: 'line 6: spec.cidr is missing: write one such as 10.8.0.0/16.',
    },
    {
      name: 'a name that is none',
      text: POOL.replace('name: first', 'name: First'),
      says: 'line 4: metadata.name is "First": use small letters, digits and -.',
    },
    {
      name: 'another kind',
      text: POOL.replace('IPPool', 'Pool'),
      says: 'line 2: kind is "Pool": write IPPool.',
    },
    {
      name: 'two pools of one name',
      text: POOL + POOL.replace('10.8', '10.9'),
      says: 'line 11: two pools are called first: give each a name of its own.',
    },
    {
      name: 'two pools that overlap',
      text: POOL + POOL.replace('first', 'second').replace('/16', '/20'),
      says: /^line 13: pool second: spec.cidr "10.8.0.0\/20": overlaps with pool first .+\.$/,
    },
    { name: 'a text', text: 'hello', says: 'line 1: an entry is no object: write an IPPool with metadata and spec.' },
    { name: 'broken YAML', text: '- a: [1\n', says: /^line [12]: not valid YAML: .+\.$/ },
  ])('refuses $name, and says where and what to do', ({ text, says }) => {
    if (typeof says === 'string') expect(refusal(text)).toBe(says);
    else expect(refusal(text)).toMatch(says);
  });

  it('tells every mistake', () => {
    expect(refusal(POOL.replace('Always', '1').replace('first', '""')).split('\n')).toHaveLength(2);
  });

  it('names a file that cannot be read', () => {
    expect(() => readPoolsFile(join(file, 'none'))).toThrow(new RegExp(`cannot read ${file}/none`));
  });
});
