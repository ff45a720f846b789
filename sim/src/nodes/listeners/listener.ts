/** An open port. */
export interface Listener {
  /** Closes the port and its connections. The port is free on return. */
  close(): void;
}
