import type { EndpointSlice } from '@margay/model';
import { OptionError } from '@margay/runtime';
import { MemoryStore } from '@margay/testkit';
import { beforeEach, describe, expect, it } from 'vitest';
import { createEndpointFinder, readServiceAddress } from './service-endpoints.ts';

let store: MemoryStore;
let made = 0;

beforeEach(() => {
  store = new MemoryStore();
});

const TARGET = { service: 'ipam', namespace: 'margay', port: 7461 };
const find = (): Promise<readonly string[]> => createEndpointFinder(store)(TARGET, new AbortController().signal);

async function addSlice(slice: Partial<EndpointSlice>, { service = 'ipam', namespace = 'margay' } = {}): Promise<void> {
  const labels = { 'kubernetes.io/service-name': service };
  const metadata = { name: `slice-${++made}`, namespace, labels };
  await store.create('EndpointSlice', { addressType: 'IPv4', ...slice, metadata });
}

describe('createEndpointFinder', () => {
  it('finds the ready pods of all slices of the Service, and of no other', async () => {
    await addSlice({ endpoints: [{ addresses: ['192.0.2.2'], conditions: { ready: true } }] });
    await addSlice({ endpoints: [{ addresses: ['192.0.2.1'] }, { addresses: ['192.0.2.2'] }] });
    await addSlice({ addressType: 'IPv6', endpoints: [{ addresses: ['2001:db8::1'], conditions: {} }] });
    await addSlice({ endpoints: [{ addresses: ['192.0.2.8'] }] }, { service: 'policy' });
    await addSlice({ endpoints: [{ addresses: ['192.0.2.9'] }] }, { namespace: 'elsewhere' });
    expect(await find()).toEqual(['192.0.2.1', '192.0.2.2', '2001:db8::1']);
  });

  it('leaves out pods that are not ready or are ending, and names', async () => {
    await addSlice({
      endpoints: [
        { addresses: ['192.0.2.1'], conditions: { ready: false } },
        { addresses: ['192.0.2.2'], conditions: { ready: true, terminating: true } },
        { addresses: ['192.0.2.3', '192.0.2.4'], conditions: { ready: true, terminating: false } },
      ],
    });
    await addSlice({ addressType: 'FQDN', endpoints: [{ addresses: ['ipam.example'] }] });
    await addSlice({});
    expect(await find()).toEqual(['192.0.2.3']);
  });

  it('fails when the API does', async () => {
    store.setOutage(true);
    await expect(find()).rejects.toMatchObject({ code: 'UNAVAILABLE' });
  });
});

describe('readServiceAddress', () => {
  it('takes every other form as it is, and names the option of a wrong one', () => {
    expect(readServiceAddress('127.0.0.1:7461', 'ipam-address')).toBe('127.0.0.1:7461');
    expect(readServiceAddress('kubernetes:///a.b:1', 'ipam-address')).toBe('kubernetes:///a.b:1');
    expect(() => readServiceAddress('kubernetes:a', 'ipam-address')).toThrow(OptionError);
    expect(() => readServiceAddress('kubernetes:a', 'ipam-address')).toThrow(/^--ipam-address: 'kubernetes:a' is no/);
  });
});
