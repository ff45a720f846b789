import { systemClock } from '@margay/runtime';
import { type ApiOptions, DEFAULT_REQUEST_RATE } from '../api-access.ts';
import { RequestLimits } from './request-limits.ts';
import { RestStore } from './rest-store.ts';
import type { Transport } from './transport.ts';

/** Requests of one process that are under way at one time, watches aside. */
const CONCURRENCY = 32;

/** The store of a process over its transport, within the process's limits. */
export function createRestStore(transport: Transport, options: ApiOptions): RestStore {
  const { qps = DEFAULT_REQUEST_RATE.qps, burst = DEFAULT_REQUEST_RATE.burst, watchSilenceMs } = options;
  const limits = new RequestLimits({ qps, burst, concurrency: CONCURRENCY, clock: systemClock });
  return new RestStore({
    transport,
    limits,
    clock: systemClock,
    ...(watchSilenceMs !== undefined && { watchSilenceMs }),
  });
}
