import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { DurableFile, removeDurablySync, writeDurably, writeDurablySync } from './durable-file.ts';

let directory: string;
let path: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'margay-durable-'));
  path = join(directory, 'file');
});
afterEach(() => rmSync(directory, { recursive: true, force: true }));

describe.each([
  ['writeDurably', writeDurably],
  ['writeDurablySync', async (path: string, content: string): Promise<void> => writeDurablySync(path, content)],
])('%s', (_, write) => {
  it('replaces the whole content and leaves no draft', async () => {
    await write(path, 'a long first content');
    await write(path, 'second');
    expect(readFileSync(path, 'utf8')).toBe('second');
    expect(readdirSync(directory)).toEqual(['file']);
  });
});

describe('removeDurablySync', () => {
  it('removes a file, also twice', () => {
    writeDurablySync(path, 'x');
    removeDurablySync(path);
    removeDurablySync(path);
    expect(readdirSync(directory)).toEqual([]);
  });
});

describe('DurableFile', () => {
  it('serves everyone with the content of their moment or later, in few writes', async () => {
    let value = 0;
    let writes = 0;
    const content = (): string => {
      writes += 1;
      return String(value);
    };
    const file = new DurableFile({ path, content });
    const saves = Array.from({ length: 50 }, async (_, index) => {
      value = index + 1;
      await file.save();
      expect(Number(readFileSync(path, 'utf8'))).toBeGreaterThanOrEqual(index + 1);
    });
    await Promise.all(saves);
    expect(readFileSync(path, 'utf8')).toBe('50');
    expect(writes).toBeLessThanOrEqual(2);
  });

  it('tells of a failure, and tries again at the next save', async () => {
    rmSync(directory, { recursive: true });
    const file = new DurableFile({ path, content: () => 'x' });
    await expect(file.save()).rejects.toThrow('ENOENT');
    await expect(file.save()).rejects.toThrow('ENOENT');
  });
});
