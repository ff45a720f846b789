import type { ProbeAnswer, Simulation } from '@margay/sim';
import { EXIT } from './error.ts';
import { note, print } from './output/print.ts';
import { DEFAULT_NAME } from './sim/options.ts';
import { interruption } from './sim/simulation.ts';
import { printSummary, summaryOf, type Verified } from './sim/up-summary.ts';
import { endQuietlyWithReader, tell } from './tell-error.ts';

/**
 * Brings the default simulation up, or verifies it again when it is up
 * already; prints what it found and how to go on, and leaves it running.
 * Returns the exit code: 0 only when every connection works.
 */
export async function startDefault(): Promise<number> {
  endQuietlyWithReader();
  const interrupted = interruption();
  try {
    const again = await verifyRunning(interrupted.signal);
    const result = again ?? (await bringUp(interrupted.signal));
    printSummary(
      result,
      again === undefined ? undefined : `Simulation '${DEFAULT_NAME}' was up already and still runs.`,
    );
    const { allAllowed } = summaryOf(result);
    if (allAllowed && result.verified.length > 0) return EXIT.DONE;
    note('margay: not every connection works');
    return EXIT.NO;
  } catch (error) {
    if (!interrupted.signal.aborted) return tell(error);
    note('margay: interrupted');
    return EXIT.INTERRUPTED;
  } finally {
    interrupted.stop();
  }
}

async function bringUp(signal: AbortSignal): Promise<Verified> {
  const { up } = await import('@margay/sim');
  return await up({ name: DEFAULT_NAME, onProgress: note, signal });
}

/** Undefined when the simulation is not up. */
async function verifyRunning(signal: AbortSignal): Promise<Verified | undefined> {
  const { connect, SimError } = await import('@margay/sim');
  let simulation: Simulation | undefined;
  try {
    simulation = await connect(DEFAULT_NAME);
    const status = await simulation.status();
    print(`Simulation '${DEFAULT_NAME}' is up already: verifying it again.`);
    const startedAtMs = performance.now();
    const { verified, outsideAddress } = await probeAgain(simulation, signal);
    return { status, verified, outsideAddress, seconds: (performance.now() - startedAtMs) / 1_000 };
  } catch (error) {
    if (error instanceof SimError && error.code === 'NOT_RUNNING') return undefined;
    throw error;
  } finally {
    simulation?.close();
  }
}

/** All pairs of pods as they are now, and from each pod the outside host that the start was verified with. */
async function probeAgain(
  simulation: Simulation,
  signal: AbortSignal,
): Promise<Pick<Verified, 'verified' | 'outsideAddress'>> {
  const outside = await outsideOfStart(simulation, signal);
  const verified: ProbeAnswer[] = [];
  for await (const answer of simulation.probeAll({}, signal)) verified.push(answer);
  if (outside === undefined) return { verified, outsideAddress: '' };
  const { address, port, protocol } = outside;
  const { nodes } = await simulation.status();
  const running = nodes.flatMap(({ pods }) => pods).filter(({ phase }) => phase === 'Running');
  const fromEach = running.map(({ name }) => simulation.probe({ from: name, to: address, port, protocol }));
  return { verified: [...verified, ...(await Promise.all(fromEach))], outsideAddress: address };
}

/** The simulation tells how its start was verified also to those who come later. */
async function outsideOfStart(simulation: Simulation, signal: AbortSignal): Promise<ProbeAnswer | undefined> {
  let outside: ProbeAnswer | undefined;
  for await (const event of simulation.watchStart(signal)) {
    if (event.kind === 'verified' && event.answer.to === event.answer.address) outside = event.answer;
    if (event.kind === 'ready' || event.kind === 'failed') break;
  }
  return outside;
}
