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
  /** Does something inside of a pod, behind the back of Margay. */
  readonly harm: (path: string, device: string, harm: PodHarm) => void;
  readonly dispose: () => Promise<void> | void;
}

/** What somebody does to a pod's end; `own-default-route` puts a route of the pod's own in the place of ours. */
export const POD_HARMS = [
  'no-default-route',
  'no-gateway-route',
  'no-address',
  'no-neighbour',
  'down',
  'small-mtu',
  'own-default-route',
] as const;
export type PodHarm = (typeof POD_HARMS)[number];

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

    it.each(POD_HARMS.filter((harm) => harm !== 'own-default-route'))('repairs a pod with %s', async (harm) => {
      await fixture.podLinks.create(spec());
      expect(await fixture.podLinks.repair(spec())).toEqual([]);
      fixture.harm(fixture.namespaces[0], 'eth0', harm);
      const faults = await fixture.podLinks.check(spec());
      expect(faults).not.toEqual([]);
      expect(await fixture.podLinks.repair(spec())).toEqual(faults);
      expect(await fixture.podLinks.check(spec())).toEqual([]);
      expect(await fixture.podLinks.repair(spec())).toEqual([]);
    });

    it('leaves a default route that the pod made itself', async () => {
      await fixture.podLinks.create(spec());
      fixture.harm(fixture.namespaces[0], 'eth0', 'own-default-route');
      const faults = await fixture.podLinks.check(spec());
      expect(faults).toEqual(['The default route through 169.254.1.1 is missing in the pod.']);
      expect(await fixture.podLinks.repair(spec())).toEqual([]);
      expect(await fixture.podLinks.check(spec())).toEqual(faults);
    });

    it('repairs nothing where there is no link, no pod, or the link of another', async () => {
      expect(await fixture.podLinks.repair(spec())).toEqual([]);
      await fixture.podLinks.create(spec());
      expect(await fixture.podLinks.repair(spec({ namespacePath: fixture.missingNamespace }))).toEqual([]);
      const other = { namespacePath: fixture.namespaces[1], hostDevice: 'mgyother' };
      await fixture.podLinks.create(spec(other));
      fixture.harm(fixture.namespaces[1], 'eth0', 'down');
      expect(await fixture.podLinks.repair(spec({ namespacePath: fixture.namespaces[1] }))).toEqual([]);
      expect(await fixture.podLinks.check(spec(other))).toContain('The device eth0 is down in the pod.');
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
