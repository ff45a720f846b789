/** Signals that a user or a CI system ends a program with. */
const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

export interface Interrupt extends Disposable {
  /** Aborted by the first signal; its reason names it. */
  readonly signal: AbortSignal;
}

/**
 * Turns the first Ctrl-C (SIGINT, SIGTERM, SIGHUP) into an aborted signal, so
 * that `start` and `await using` clean up. The second one ends the process as
 * usual. Disposing takes the handlers away.
 */
export function interruptible(): Interrupt {
  const controller = new AbortController();
  const dispose = (): void => {
    for (const name of SIGNALS) process.off(name, abort);
  };
  const abort = (name: NodeJS.Signals): void => {
    dispose();
    controller.abort(new Error(`the process got ${name}`));
  };
  for (const name of SIGNALS) process.on(name, abort);
  return { signal: controller.signal, [Symbol.dispose]: dispose };
}
