import type { Clock, Logger } from '@margay/ports';
import { createBackoff, createTrigger } from '@margay/runtime';

/**
 * Runs `act` once, and again after each `fire`, never two at a time. A failure
 * is logged and tried again after a pause: `act` looks at the whole state, so
 * nothing is lost.
 */
export function runLevelTriggered(options: {
  readonly name: string;
  readonly act: (signal: AbortSignal) => Promise<void>;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly signal: AbortSignal;
}): { fire(): void; readonly done: Promise<void> } {
  const { name, act, clock, logger, signal } = options;
  const trigger = createTrigger();
  const backoff = createBackoff({ initialMs: 50, maxMs: 1_000 });
  trigger.fire();
  const loop = async (): Promise<void> => {
    while (!signal.aborted) {
      await trigger.wait(signal).catch(() => undefined);
      if (signal.aborted) return;
      try {
        await act(signal);
        backoff.reset();
      } catch (error) {
        if (signal.aborted) return;
        logger.warn({ reason: error instanceof Error ? error.message : String(error) }, `${name} failed; trying again`);
        trigger.fire();
        await clock.sleep(backoff.nextMs(), signal).catch(() => undefined);
      }
    }
  };
  return { fire: () => trigger.fire(), done: loop() };
}
