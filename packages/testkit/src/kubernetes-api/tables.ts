import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ApiBody } from './api-client.ts';
import type { ContractContext } from './contract-context.ts';
import { configMap, MAPS, PODS, pod } from './manifests.ts';

interface Table extends ApiBody {
  readonly columnDefinitions: readonly {
    readonly name: string;
    readonly type: string;
    readonly format: string;
    readonly priority: number;
  }[];
  readonly rows: readonly { readonly cells: readonly unknown[]; readonly object?: ApiBody }[];
}

const ACCEPT = 'application/json;as=Table;v=v1;g=meta.k8s.io,application/json';

/** The columns of each kind: an asterisk marks those that are shown on request only. */
const COLUMNS: readonly (readonly [path: string, columns: string])[] = [
  ['/api/v1/namespaces', 'Name, Status, Age'],
  [
    '/api/v1/nodes',
    'Name, Status, Roles, Age, Version, Internal-IP*, External-IP*, OS-Image*, Kernel-Version*, Container-Runtime*',
  ],
  ['/api/v1/pods', 'Name, Ready, Status, Restarts, Age, IP*, Node*, Nominated Node*, Readiness Gates*'],
  ['/api/v1/events', 'Last Seen, Type, Reason, Object, Subobject*, Source*, Message, First Seen*, Count*, Name*'],
  ['/api/v1/services', 'Name, Type, Cluster-IP, External-IP, Port(s), Age, Selector*'],
  ['/api/v1/serviceaccounts', 'Name, Secrets, Age'],
  ['/api/v1/configmaps', 'Name, Data, Age'],
  ['/api/v1/secrets', 'Name, Type, Data, Age'],
  ['/api/v1/endpoints', 'Name, Endpoints, Age'],
  ['/apis/networking.k8s.io/v1/networkpolicies', 'Name, Pod-Selector, Age'],
  ['/apis/coordination.k8s.io/v1/leases', 'Name, Holder, Age'],
  ['/apis/discovery.k8s.io/v1/endpointslices', 'Name, AddressType, Ports, Endpoints, Age'],
  ['/apis/apiextensions.k8s.io/v1/customresourcedefinitions', 'Name, Created At'],
  ['/apis/networking.margay.dev/v1/ippools', 'Name, CIDR, IPIP, VXLAN*, NAT, Disabled, Allocatable, Block*, Age'],
];

export function describeTables(context: ContractContext): void {
  const table = async (path: string): Promise<Table> =>
    (await context.api.call<Table>('GET', path, { accept: ACCEPT })).body;

  describe('tables', () => {
    beforeAll(async () => {
      await context.api.call('POST', MAPS, { body: configMap('row', { data: { a: 'b' } }) });
      await context.api.call('POST', PODS, { body: pod('row') });
    });
    afterAll(async () => {
      await context.api.call('DELETE', `${MAPS}/row`);
      await context.api.call('DELETE', `${PODS}/row?gracePeriodSeconds=0`);
    });

    it.each(COLUMNS)('of %s have the columns %s', async (path, columns) => {
      const { kind, apiVersion, columnDefinitions } = await table(path);
      expect([kind, apiVersion]).toEqual(['Table', 'meta.k8s.io/v1']);
      expect(columnDefinitions.map(({ name, priority }) => `${name}${priority > 0 ? '*' : ''}`).join(', ')).toBe(
        columns,
      );
      const [name] = columnDefinitions.filter((column) => column.name === 'Name');
      expect([name?.type, name?.format]).toEqual(['string', 'name']);
    });

    it('have one row for one object, with its metadata', async () => {
      const { rows } = await table(`${MAPS}/row`);
      expect(rows.map(({ cells }) => cells.slice(0, 2))).toEqual([['row', 1]]);
      expect(rows[0]?.object).toMatchObject({ kind: 'PartialObjectMetadata', apiVersion: 'meta.k8s.io/v1' });
      expect(rows[0]?.object?.metadata.name).toBe('row');
    });

    it.each([
      ['None', undefined],
      ['Object', 'ConfigMap'],
    ])('carry what is asked for: %s', async (include, kind) => {
      const { rows } = await table(`${MAPS}/row?includeObject=${include}`);
      expect(rows[0]?.object?.kind).toBe(kind);
    });

    it('show a pod that waits', async () => {
      const { rows } = await table(`${PODS}/row`);
      const cells = rows[0]?.cells ?? [];
      expect([...cells.slice(0, 4), ...cells.slice(5)]).toEqual([
        'row',
        '0/1',
        'Pending',
        '0',
        '<none>',
        '<none>',
        '<none>',
        '<none>',
      ]);
    });

    it('are refused in a form that there is not', async () => {
      const accept = 'application/json;as=Table;v=v9;g=meta.k8s.io';
      expect((await context.api.call('GET', MAPS, { accept })).status).toBe(406);
    });
  });
}
