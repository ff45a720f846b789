/**
 * Prints what rtnetlink costs here. Needs root; run it in a network and mount
 * namespace of its own: `unshare -nm --fork --propagation private node bench/netlink.ts`.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { addressAt, hostCidr, parseAddress, parseCidr } from '@margay/ip';
import type { Route } from '@margay/routing-core';
import { createNamedNamespace, deleteNamedNamespace, LinuxPodLinks, LinuxRouteTable } from '../src/index.ts';

const ROUTES = 10_000;
const PODS = 50;

const folder = mkdtempSync(join(tmpdir(), 'margay-bench-'));
const podLinks = new LinuxPodLinks();
const table = new LinuxRouteTable();
const spec = { podDevice: 'eth0', mtuBytes: 1500 };
const times = new Map<string, number[]>();

async function measure(name: string, run: () => unknown): Promise<void> {
  const start = performance.now();
  await run();
  times.set(name, [...(times.get(name) ?? []), performance.now() - start]);
}

for (let pod = 0; pod < PODS; pod++) {
  const namespacePath = join(folder, String(pod));
  const hostDevice = `mgy${pod}`;
  const address = parseAddress(`10.8.0.${pod}`);
  await measure('make a namespace', () => createNamedNamespace(namespacePath));
  await measure('make a pod link', () => podLinks.create({ ...spec, namespacePath, hostDevice, address }));
}

const network = parseCidr('10.9.0.0/16');
const routes = Array.from({ length: ROUTES }, (_, index): Route => {
  return { destination: hostCidr(addressAt(network, index)), kind: 'unicast', device: `mgy${index % PODS}` };
});
for (let round = 0; round < 10; round++) {
  await measure(`write ${ROUTES} routes`, () => table.apply({ upsert: routes, remove: [] }));
  await measure(`list ${ROUTES} routes`, () => table.list());
  await measure(`remove ${ROUTES} routes`, () => table.apply({ upsert: [], remove: routes }));
}

for (let pod = 0; pod < PODS / 2; pod++) await measure('remove a pod link', () => podLinks.remove(`mgy${pod}`));
const rest = await podLinks.list();
await measure(`remove ${rest.length} pod links at once`, () =>
  Promise.all(rest.map(({ hostDevice }) => podLinks.remove(hostDevice))),
);
for (let pod = 0; pod < PODS; pod++) {
  await measure('delete a namespace', () => deleteNamedNamespace(join(folder, String(pod))));
}
rmSync(folder, { recursive: true });

for (const [name, values] of times) {
  const sorted = values.sort((a, b) => a - b);
  const at = (part: number): string => (sorted[Math.floor((sorted.length - 1) * part)] as number).toFixed(2);
  console.log(`${name.padEnd(30)} min ${at(0)}  median ${at(0.5)}  p90 ${at(0.9)}  max ${at(1)} ms`);
}
