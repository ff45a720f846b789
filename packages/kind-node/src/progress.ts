export type ProgressStep =
  | 'image'
  | 'nodes'
  | 'load-balancer'
  | 'config'
  | 'control-plane'
  | 'cni'
  | 'storage'
  | 'join'
  | 'wait'
  | 'load-image'
  | 'delete'
  | 'other';

export interface ProgressEvent {
  readonly step: ProgressStep;
  readonly state: 'begin' | 'done' | 'failed';
  /** For people: kind's own words, without its pictures. */
  readonly detail: string;
  /** Since the call that reports began, milliseconds. */
  readonly elapsedMs: number;
}

/** Must not throw: it is called while kind's output is read. */
export type OnProgress = (event: ProgressEvent) => void;

/** Reports steps with the time since it was made. */
export class ProgressClock {
  readonly #onProgress: OnProgress | undefined;
  readonly #startMs = performance.now();

  constructor(onProgress: OnProgress | undefined) {
    this.#onProgress = onProgress;
  }

  report(event: Omit<ProgressEvent, 'elapsedMs'>): void {
    this.#onProgress?.({ ...event, elapsedMs: Math.round(performance.now() - this.#startMs) });
  }

  /** A line that kind printed; lines that report no step are passed over. */
  line(text: string): void {
    const event = parseProgressLine(text);
    if (event) this.report(event);
  }
}

/** How kind 0.33 names its steps. */
const STEPS: readonly (readonly [RegExp, ProgressStep])[] = [
  [/^Ensuring node image/, 'image'],
  [/^Preparing nodes/, 'nodes'],
  [/^Configuring the external load balancer/, 'load-balancer'],
  [/^Writing configuration/, 'config'],
  [/^Starting control-plane/, 'control-plane'],
  [/^Installing CNI/, 'cni'],
  [/^Installing StorageClass/, 'storage'],
  [/^Joining (worker|more control-plane) nodes/, 'join'],
  [/^Waiting /, 'wait'],
];

const STATES = { '•': 'begin', '✓': 'done', '✗': 'failed' } as const;

/** Reads one line of kind's error output; undefined when it reports no step. */
export function parseProgressLine(line: string): Omit<ProgressEvent, 'elapsedMs'> | undefined {
  const image = /^Image: (.*) not yet present on node "(.*)", loading/.exec(line);
  if (image) return { step: 'load-image', state: 'begin', detail: `${image[1]} to ${image[2]}` };
  const match = /^ ([•✓✗]) (.*)$/u.exec(line);
  const state = STATES[match?.[1] as keyof typeof STATES];
  if (state === undefined) return undefined;
  const detail = (match?.[2] ?? '')
    .replace(/\p{Extended_Pictographic}|\u{fe0f}|\u{200d}/gu, '')
    .replace(/\s*\.\.\.\s*$/, '')
    .trim();
  return { step: STEPS.find(([pattern]) => pattern.test(detail))?.[1] ?? 'other', state, detail };
}
