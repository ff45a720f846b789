import { afterAll, beforeAll, describe } from 'vitest';
import { describeAccess } from './access.ts';
import { describeBindings } from './bindings.ts';
import type { ContractContext, ServedApi } from './contract-context.ts';
import { describeCustomStatuses } from './custom-statuses.ts';
import { describeDeletes } from './deletes.ts';
import { describeDiscovery } from './discovery.ts';
import { describeEvictions } from './evictions.ts';
import { describeForms } from './forms.ts';
import { describeImmutables } from './immutables.ts';
import { describeKinds } from './kinds.ts';
import { describeLimits } from './limits.ts';
import { describeLists } from './lists.ts';
import { describeNamespaces } from './namespaces.ts';
import { describeNulls } from './nulls.ts';
import { describeOddRequests } from './odd-requests.ts';
import { describeOpenApi } from './openapi.ts';
import { describePatches } from './patches.ts';
import { describePods } from './pods.ts';
import { describeProtobuf } from './protobuf.ts';
import { describeRequestOptions } from './request-options.ts';
import { describeSelectors } from './selectors.ts';
import { describeServices } from './services.ts';
import { describeStatusRules } from './status-rules.ts';
import { describeStatuses } from './statuses.ts';
import { describeStrategicPatches } from './strategic-patches.ts';
import { describeTables } from './tables.ts';
import { describeUpdates } from './updates.ts';
import { describeValidation } from './validation.ts';
import { describeWatches } from './watches.ts';

/** The part of the Kubernetes API that Margay relies on, as every server must speak it. */
export function describeKubernetesApi(name: string, open: () => Promise<ServedApi>): void {
  describe(name, () => {
    let opened: ServedApi | undefined;
    const server = (): ServedApi => {
      if (opened === undefined) throw new Error('the server has not started');
      return opened;
    };
    beforeAll(async () => {
      opened = await open();
    });
    afterAll(() => opened?.close());
    const context: ContractContext = {
      get api() {
        return server().client;
      },
      get server() {
        return server();
      },
    };
    describeDiscovery(context);
    describeOpenApi(context);
    describeKinds(context);
    describeForms(context);
    describePods(context);
    describeServices(context);
    describeImmutables(context);
    describeStatuses(context);
    describeValidation(context);
    describeNulls(context);
    describeLimits(context);
    describeUpdates(context);
    describeCustomStatuses(context);
    describeStatusRules(context);
    describePatches(context);
    describeStrategicPatches(context);
    describeDeletes(context);
    describeEvictions(context);
    describeBindings(context);
    describeNamespaces(context);
    describeSelectors(context);
    describeTables(context);
    describeProtobuf(context);
    describeAccess(context);
    describeOddRequests(context);
    describeRequestOptions(context);
    describeLists(context);
    describeWatches(context);
  });
}
