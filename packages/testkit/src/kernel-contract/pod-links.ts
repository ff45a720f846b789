import { parseAddress } from '@margay/ip';
import type { PodLinkSpec, PodLinks } from '@margay/ports';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

export interface PodLinksFixture {
  readonly podLinks: PodLinks;
  /** Two namespaces that are empty, and a path where there is none. */
  readonly namespaces: readonly [string, string];
  readonly missingNamespace: string;
  /** Ends a namespace, with all devices in it. Done when the pod links are gone. */
  readonly endNamespace: (path: string) => Promise<void>;
  readonly dispose: () => Promise<void> | void;
}

/** What every PodLinks must do. */
export function describePodLinks(name: string, setUp: () => Promise<PodLinksFixture>): void {
  describe(`PodLinks of ${name}`, () => {
    let fixture: PodLinksFixture;
    beforeEach(async () => {
      fixture = await setUp();
    });
    afterEach(() => fixture.dispose());

    const spec = (changes: Partial<PodLinkSpec> = {}): PodLinkSpec => ({
      namespacePath: fixture.namespaces[0],
      hostDevice: 'mgy0123456789a',
      podDevice: 'eth0',
      address: parseAddress('10.8.0.5'),
      mtuBytes: 1480,
      ...changes,
    });
    const names = async (): Promise<string[]> =>
      (await fixture.podLinks.list()).map(({ hostDevice }) => hostDevice).sort();

    it('makes a link, lists it, finds nothing wrong with it and removes it', async () => {
      const link = await fixture.podLinks.create(spec());
      expect(link).toMatchObject({ hostDevice: 'mgy0123456789a', hostMac: 'ee:ee:ee:ee:ee:ee' });
      expect(link.podMac).toMatch(/^[0-9a-f]{2}(:[0-9a-f]{2}){5}$/);
      expect(await fixture.podLinks.list()).toEqual([
        { hostDevice: 'mgy0123456789a', hostIndex: link.hostIndex, up: true },
      ]);
      expect(await fixture.podLinks.check(spec())).toEqual([]);
      expect(await fixture.podLinks.remove('mgy0123456789a')).toBe(true);
      expect(await fixture.podLinks.remove('mgy0123456789a')).toBe(false);
      expect(await fixture.podLinks.list()).toEqual([]);
    });

    it('makes and removes many at once', async () => {
      const devices = Array.from({ length: 12 }, (_, index) => `mgy${index}`);
      for (const hostDevice of devices) {
        await fixture.podLinks.create(spec({ hostDevice, podDevice: `e${hostDevice}` }));
      }
      expect(await names()).toEqual([...devices].sort());
      expect(await Promise.all([...devices, 'mgynever'].map((device) => fixture.podLinks.remove(device)))).toEqual([
        ...devices.map(() => true),
        false,
      ]);
      expect(await names()).toEqual([]);
    });

    it('replaces an old link of that name, also when it led into another pod', async () => {
      await fixture.podLinks.create(spec());
      await fixture.podLinks.create(spec());
      expect(await fixture.podLinks.check(spec())).toEqual([]);
      const [, other] = fixture.namespaces;
      await fixture.podLinks.create(spec({ namespacePath: other }));
      expect(await names()).toEqual(['mgy0123456789a']);
      expect(await fixture.podLinks.check(spec({ namespacePath: other }))).toEqual([]);
    });

    it('leaves nothing when the namespace is missing', async () => {
      await expect(fixture.podLinks.create(spec({ namespacePath: fixture.missingNamespace }))).rejects.toMatchObject({
        name: 'KernelError',
        code: 'NAMESPACE_MISSING',
      });
      expect(await names()).toEqual([]);
    });

    it('leaves nothing when the kernel refuses', async () => {
      await expect(fixture.podLinks.create(spec({ mtuBytes: 60 }))).rejects.toMatchObject({ code: 'REJECTED' });
      expect(await names()).toEqual([]);
      await fixture.podLinks.create(spec());
      expect(await fixture.podLinks.check(spec())).toEqual([]);
    });

    it('leaves nothing new when the pod has such a device already', async () => {
      await fixture.podLinks.create(spec());
      await expect(fixture.podLinks.create(spec({ hostDevice: 'mgyother' }))).rejects.toMatchObject({ code: 'EXISTS' });
      expect(await names()).toEqual(['mgy0123456789a']);
      expect(await fixture.podLinks.check(spec())).toEqual([]);
    });

    it('takes a name of 15 bytes, and refuses one of 16', async () => {
      await fixture.podLinks.create(spec({ hostDevice: 'mgy456789012345' }));
      await expect(fixture.podLinks.create(spec({ hostDevice: 'mgy4567890123456' }))).rejects.toMatchObject({
        code: 'REJECTED',
      });
      await expect(fixture.podLinks.create(spec({ podDevice: 'e234567890123456' }))).rejects.toMatchObject({
        code: 'REJECTED',
      });
      expect(await names()).toEqual(['mgy456789012345']);
    });

    it('refuses devices that are not its own, and IPv6', async () => {
      await expect(fixture.podLinks.create(spec({ hostDevice: 'eth9' }))).rejects.toMatchObject({ code: 'REJECTED' });
      await expect(fixture.podLinks.remove('lo')).rejects.toMatchObject({ code: 'REJECTED' });
      await expect(fixture.podLinks.create(spec({ address: parseAddress('2001:db8::5') }))).rejects.toMatchObject({
        code: 'UNSUPPORTED',
      });
    });

    it('tells what differs from the spec', async () => {
      expect((await fixture.podLinks.check(spec())).join('\n')).toContain('mgy0123456789a is missing on the node');
      await fixture.podLinks.create(spec());
      const differing = await fixture.podLinks.check(spec({ mtuBytes: 1400, address: parseAddress('10.8.0.6') }));
      expect(differing).toEqual([
        'The MTU of mgy0123456789a is 1480 instead of 1400.',
        'The MTU of eth0 is 1480 instead of 1400.',
        'The address 10.8.0.6 is missing on eth0 in the pod.',
      ]);
      expect(await fixture.podLinks.check(spec({ namespacePath: fixture.missingNamespace }))).toEqual([
        `The pod's network namespace ${fixture.missingNamespace} is missing.`,
      ]);
    });

    it('loses a link together with its pod', async () => {
      await fixture.podLinks.create(spec());
      await fixture.endNamespace(fixture.namespaces[0]);
      expect(await names()).toEqual([]);
      expect(await fixture.podLinks.remove('mgy0123456789a')).toBe(false);
      await fixture.podLinks.create(spec({ namespacePath: fixture.namespaces[1] }));
      expect(await names()).toEqual(['mgy0123456789a']);
    });
  });
}
