import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { silentLogger } from '../../test/agent-harness.ts';
import { writePlugin } from '../../test/fake-plugin.ts';
import { NodeChanges } from '../state/node-changes.ts';
import { NodeInstallation } from './node-installation.ts';
import { PlacedPrograms } from './placed-programs.ts';

const OLD = ['0.4.0', '1.0.0'];
const NEW = ['1.0.0', '1.1.0'];

let directory: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'margay-install-'));
});
afterEach(() => rmSync(directory, { recursive: true, force: true }));

const bin = (name = ''): string => join(directory, 'bin', name);
const shipped = (name = ''): string => join(directory, 'shipped', name);
const text = (path: string): string => readFileSync(path, 'utf8');

async function parts(chainedPlugins: readonly string[] = []): Promise<{
  installation: NodeInstallation;
  programs: PlacedPrograms;
}> {
  const changes = await NodeChanges.load(directory, silentLogger());
  const programs = new PlacedPrograms({ binDir: bin(), stateDir: directory, changes });
  const installation = new NodeInstallation({
    binDir: bin(),
    confDir: join(directory, 'net.d'),
    pluginsDir: shipped(),
    chainedPlugins,
    programs,
    logger: silentLogger(),
  });
  return { installation, programs };
}

describe('installPrograms', () => {
  it.each([
    { name: 'brings a plugin that is missing', there: undefined, stays: false },
    { name: 'replaces a release before 1.9', there: { release: 'v1.8.9', versions: NEW }, stays: false },
    { name: 'leaves 1.9 alone', there: { release: 'v1.9.0', versions: NEW }, stays: true },
    { name: 'leaves 2.0 alone', there: { release: 'v2.0.0', versions: NEW }, stays: true },
    { name: 'leaves one of unknown release that speaks 1.1.0', there: { release: 'mine', versions: NEW }, stays: true },
    { name: 'replaces one of unknown release that does not', there: { release: 'mine', versions: OLD }, stays: false },
  ])('$name, and the uninstall puts back what was there', async ({ there, stays }) => {
    writePlugin(shipped('portmap'), 'v1.9.1', NEW);
    if (there) writePlugin(bin('portmap'), there.release, there.versions);
    const before = there && text(bin('portmap'));
    await (await parts()).installation.installPrograms();
    expect(text(bin('portmap'))).toBe(stays ? before : text(shipped('portmap')));
    expect(existsSync(bin('margay'))).toBe(true);
    // Another process, as after an upgrade: what was there first is not forgotten.
    writePlugin(shipped('portmap'), 'v1.9.2', NEW);
    const { installation, programs } = await parts();
    await installation.installPrograms();
    expect(text(bin('portmap'))).toBe(stays ? before : text(shipped('portmap')));
    await programs.restore();
    await programs.restore();
    expect(readdirSync(bin())).toEqual(there ? ['portmap'] : []);
    if (there) expect(text(bin('portmap'))).toBe(before);
  });

  it.each(['goes on', 'is taken away'])(
    'knows its own older program when an upgrade was cut off and %s',
    async (then) => {
      writePlugin(bin('portmap'), 'v1.1.1', OLD);
      const before = text(bin('portmap'));
      writePlugin(shipped('portmap'), 'v1.9.1', NEW);
      await (await parts()).installation.installPrograms();
      // The draft cannot be written: what was noted of the upgrade is all that happens.
      writePlugin(shipped('portmap'), 'v1.9.2', NEW);
      mkdirSync(bin('portmap.new'));
      await expect((await parts()).installation.installPrograms()).rejects.toThrow();
      rmSync(bin('portmap.new'), { recursive: true, force: true });
      expect(text(bin('portmap'))).toContain('v1.9.1');
      const { installation, programs } = await parts();
      if (then === 'goes on') {
        await installation.installPrograms();
        expect(text(bin('portmap'))).toBe(text(shipped('portmap')));
      }
      await programs.restore();
      expect(text(bin('portmap'))).toBe(before);
    },
  );

  it('leaves its own program where what was there before was lost', async () => {
    writePlugin(bin('portmap'), 'v1.1.1', OLD);
    writePlugin(shipped('portmap'), 'v1.9.1', NEW);
    const { installation, programs } = await parts();
    await installation.installPrograms();
    rmSync(join(directory, 'replaced'), { recursive: true });
    await programs.restore();
    expect(readdirSync(bin())).toEqual(['portmap']);
    expect(text(bin('portmap'))).toContain('v1.9.1');
  });

  it('leaves at the uninstall what somebody else has installed since', async () => {
    writePlugin(shipped('portmap'), 'v1.9.1', NEW);
    const { installation, programs } = await parts();
    await installation.installPrograms();
    writePlugin(bin('portmap'), 'v1.9.5', NEW);
    await programs.restore();
    expect(text(bin('portmap'))).toContain('v1.9.5');
  });
});

describe('installConfiguration', () => {
  it.each([
    { name: 'offers 1.1.0 where every plugin speaks it', versions: NEW, offered: ['1.0.0', '1.1.0'] },
    { name: 'stays with 1.0.0 where one does not', versions: OLD, offered: undefined },
  ])('$name', async ({ versions, offered }) => {
    writePlugin(shipped('portmap'), 'v1.9.1', NEW);
    writePlugin(bin('bandwidth'), 'v1.9.0', versions);
    const { installation } = await parts(['portmap', 'bandwidth']);
    await installation.installPrograms();
    await installation.installConfiguration();
    expect(installation.isInPlace).toBe(true);
    expect(readdirSync(join(directory, 'net.d'))).toEqual(['10-margay.conflist']);
    expect(JSON.parse(text(join(directory, 'net.d/10-margay.conflist')))).toEqual({
      cniVersion: '1.0.0',
      ...(offered && { cniVersions: offered }),
      name: 'margay',
      plugins: [
        { type: 'margay' },
        { type: 'portmap', snat: true, capabilities: { portMappings: true } },
        { type: 'bandwidth', capabilities: { bandwidth: true } },
      ],
    });
  });

  it('refuses a chain whose plugin is not on the node, and leaves the old configuration', async () => {
    writePlugin(shipped('portmap'), 'v1.9.1', NEW);
    const { installation } = await parts(['portmap', 'bandwidth']);
    await installation.installPrograms();
    await expect(installation.installConfiguration()).rejects.toThrow("the plugin 'bandwidth' is not in");
    expect(existsSync(join(directory, 'net.d/10-margay.conflist'))).toBe(false);
  });
});

describe('keep', () => {
  const conflist = (): string => join(directory, 'net.d/10-margay.conflist');

  async function installed(): Promise<NodeInstallation> {
    writePlugin(shipped('portmap'), 'v1.9.1', NEW);
    const { installation } = await parts(['portmap']);
    await installation.installPrograms();
    // Not before the node is ready, though a look comes earlier.
    await installation.keep();
    expect(existsSync(conflist())).toBe(false);
    await installation.installConfiguration();
    return installation;
  }

  it.each([
    { name: 'removed', spoil: (path: string) => rmSync(path) },
    { name: 'changed', spoil: (path: string) => writeFileSync(path, '{}', { mode: 0o755 }) },
    { name: 'removed with its directory', spoil: (path: string) => rmSync(dirname(path), { recursive: true }) },
  ])('puts back the configuration and the programs that somebody $name', async ({ spoil }) => {
    const installation = await installed();
    for (const path of [bin('portmap'), bin('margay'), conflist()]) {
      const before = text(path);
      spoil(path);
      await installation.keep();
      expect(text(path)).toBe(before);
      expect(installation.isInPlace).toBe(true);
    }
  });

  it('leaves a newer plugin that somebody else has put there', async () => {
    const installation = await installed();
    writePlugin(bin('portmap'), 'v1.9.5', NEW);
    await installation.keep();
    expect(text(bin('portmap'))).toContain('v1.9.5');
  });

  it('says that the configuration is gone while it cannot be put back', async () => {
    const installation = await installed();
    rmSync(dirname(conflist()), { recursive: true });
    writeFileSync(dirname(conflist()), 'a file in its place');
    await expect(installation.keep()).rejects.toThrow('EEXIST');
    expect(installation.isInPlace).toBe(false);
  });
});
