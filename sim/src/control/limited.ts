/**
 * Runs the tasks, `parallel` at a time, and yields each result as it comes. A
 * task that has not ended after `patienceMs` makes room for the next one, so
 * that a few that wait for their time limit do not hold up the rest; but never
 * are more than `atMost` under way.
 *
 * @throws the first failure of a task.
 */
export async function* runLimited<T, R>(
  items: readonly T[],
  task: (item: T) => Promise<R>,
  limits: { readonly parallel: number; readonly patienceMs: number; readonly atMost: number },
): AsyncGenerator<R, void, undefined> {
  const results: R[] = [];
  let failure: { readonly error: unknown } | undefined;
  let next = 0;
  let open = 0;
  let underWay = 0;
  let wake: () => void = () => undefined;

  const start = (item: T): void => {
    open++;
    underWay++;
    let holdsPlace = true;
    const leave = (): void => {
      if (!holdsPlace) return;
      holdsPlace = false;
      open--;
      fill();
    };
    const timer = setTimeout(leave, limits.patienceMs);
    task(item)
      .then(
        (result) => {
          results.push(result);
        },
        (error: unknown) => {
          failure ??= { error };
        },
      )
      .finally(() => {
        clearTimeout(timer);
        underWay--;
        leave();
        fill();
        wake();
      });
  };
  const fill = (): void => {
    while (failure === undefined && next < items.length && open < limits.parallel && underWay < limits.atMost) {
      start(items[next++] as T);
    }
  };

  fill();
  try {
    for (;;) {
      if (failure !== undefined) throw failure.error;
      const ready = results.splice(0);
      if (ready.length > 0) yield* ready;
      else if (underWay === 0 && next >= items.length) return;
      else {
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
      }
    }
  } finally {
    next = items.length;
  }
}
