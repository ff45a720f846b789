/** A process that the simulator keeps running. */
export interface ProcessSpec {
  /** Unique; also the name of its log. */
  readonly name: string;
  /** Such as `node-agent`. */
  readonly role: string;
  /** Absent: it runs on the control host. */
  readonly node?: string;
  readonly command: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  /** A descriptor of the daemon's that the process gets as its descriptor 3. */
  readonly passFd?: number;
}

export interface ProcessState {
  readonly spec: ProcessSpec;
  /** In the simulation's PID namespace; 0 while it is down. */
  readonly pid: number;
  readonly restarts: number;
  /** How it last ended, as a sentence; empty when it never did. */
  readonly lastEnd: string;
}
