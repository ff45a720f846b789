import type { ServiceHandlers, simV1 } from '@margay/wire';
import type { StartLog } from '../readiness/start-log.ts';
import { runCapture } from './capture.ts';
import { runExec } from './exec.ts';
import type { Places } from './places.ts';
import type { Probes } from './probes.ts';

/** `margay.sim.v1.Simulator`: what the `margay sim` commands ask the daemon. */
export function simulatorService(options: {
  readonly status: () => simV1.StatusInput;
  readonly startLog: StartLog;
  readonly probes: Probes;
  readonly places: Places;
  /** Environment of the commands that are run for a caller. */
  readonly env: Readonly<Record<string, string>>;
  /** Begins to end the simulation; returns at once. */
  readonly shutdown: () => void;
}): ServiceHandlers<'margay.sim.v1.Simulator'> {
  const { status, startLog, probes, places, env, shutdown } = options;
  return {
    async getStatus() {
      return status();
    },
    async watchStart(_request, writer, { signal }) {
      for await (const event of startLog.watch(signal)) await writer.write(event);
    },
    async probe(request, { signal }) {
      return await probes.probe(request, signal);
    },
    async probeAll(request, writer, { signal }) {
      for await (const result of probes.probeAll(request, signal)) await writer.write(result);
    },
    async exec(requests, writer, { signal }) {
      await runExec(places, requests, writer, { signal, env });
    },
    async capture(request, writer, { signal }) {
      await runCapture(places, request, writer, { signal, env });
    },
    async shutdown() {
      shutdown();
      return {};
    },
  };
}
