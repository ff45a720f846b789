import type { Clock, Logger } from '@margay/ports';
import { createTrigger } from '@margay/runtime';
import { type simV1, statusOf } from '@margay/wire';
import type { ClusterView } from '../cluster/cluster-view.ts';
import type { Kubelets } from '../cluster/kubelets.ts';
import { runLimited } from '../control/limited.ts';
import { WITNESS_PORT } from '../fabrics/witness.ts';
import { FABRIC } from '../topology/defaults.ts';
import { planVerification, type Verification } from './plan-verification.ts';
import type { StartLog } from './start-log.ts';

/** Long enough for a slow machine; a start that needs more has failed. */
const PATIENCE_MS = 90_000;
const PATIENCE_PER_POD_MS = 200;
/** Between two looks at a connection that did not work: routes may still be on their way. */
const RETRY_MS = 100;
const PROBE_TIMEOUT_MS = 1_000;
const PARALLEL = 32;

export interface StartOptions {
  readonly view: ClusterView;
  readonly kubelets: Kubelets;
  readonly waitingFor: () => readonly string[];
  /** Fires when anything that `waitingFor` looks at has changed. */
  readonly onChange: (listener: () => void) => void;
  readonly podCount: number;
  readonly log: StartLog;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly signal: AbortSignal;
}

/** Waits until nothing is waited for, then tries the connections. @throws {Error} with the reasons, when patience ends. */
export async function awaitStart(options: StartOptions): Promise<void> {
  const { clock, podCount } = options;
  const deadlineMs = clock.monotonicMs() + PATIENCE_MS + podCount * PATIENCE_PER_POD_MS;
  await awaitReady(options, deadlineMs);
  await verify(options, deadlineMs);
}

async function awaitReady(options: StartOptions, deadlineMs: number): Promise<void> {
  const { waitingFor, onChange, log, clock, signal } = options;
  const trigger = createTrigger();
  onChange(() => trigger.fire());
  let told = '';
  for (;;) {
    const reasons = waitingFor();
    if (reasons.length === 0) return;
    const remainingMs = deadlineMs - clock.monotonicMs();
    if (remainingMs <= 0) throw new Error(`the cluster did not become ready: ${reasons.join(' ')}`);
    const line = summarize(reasons);
    if (line !== told) log.add({ progress: line });
    told = line;
    const limit = AbortSignal.any([signal, AbortSignal.timeout(Math.ceil(remainingMs))]);
    await trigger.wait(limit).catch(() => undefined);
    signal.throwIfAborted();
  }
}

/** One short line; the full list is what `status` tells. */
function summarize(reasons: readonly string[]): string {
  const [first = '', ...rest] = reasons;
  return rest.length === 0 ? `Waiting: ${first}` : `Waiting: ${first} (and ${rest.length} more)`;
}

async function verify(options: StartOptions, deadlineMs: number): Promise<void> {
  const { view, log, signal } = options;
  const outside = { address: FABRIC.outsideHost, port: WITNESS_PORT };
  const plan = planVerification(view.pods.list(), outside);
  log.add({ progress: `All pods run; trying ${plan.length} connections.` });
  const failures: string[] = [];
  const limits = { parallel: PARALLEL, patienceMs: PROBE_TIMEOUT_MS, atMost: PARALLEL };
  for await (const result of runLimited(plan, (item) => tryUntil(options, item, deadlineMs), limits)) {
    signal.throwIfAborted();
    log.add({ verified: result });
    if (!result.allowed) failures.push(`${result.from} to ${result.to}: ${result.reason}`);
  }
  if (failures.length > 0) {
    throw new Error(`${failures.length} of ${plan.length} connections do not work: ${failures.slice(0, 5).join('; ')}`);
  }
}

async function tryUntil(
  { kubelets, clock, signal, logger }: StartOptions,
  { node, from, to, address, port, protocol }: Verification,
  deadlineMs: number,
): Promise<simV1.ProbeResult> {
  const question = { from, address, port, protocol, timeoutMs: PROBE_TIMEOUT_MS };
  for (;;) {
    signal.throwIfAborted();
    let reason: string;
    try {
      const result = await kubelets.probe(node, question, signal);
      if (result.allowed || clock.monotonicMs() > deadlineMs) return { ...result, from, to };
      reason = result.reason;
    } catch (error) {
      signal.throwIfAborted();
      if (clock.monotonicMs() > deadlineMs) throw error;
      reason = statusOf(error);
    }
    logger.debug({ from, to, reason }, 'A connection does not work yet');
    await clock.sleep(RETRY_MS, signal);
  }
}
