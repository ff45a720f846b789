// Original file: proto/margay/sim/v1/sim.proto


export interface ExecOutputInput {
  'stdout'?: (Buffer | Uint8Array | string);
  'stderr'?: (Buffer | Uint8Array | string);
  'exit'?: (number);
  'output'?: "stdout"|"stderr"|"exit";
}

export interface ExecOutput {
  'stdout'?: (Buffer);
  'stderr'?: (Buffer);
  'exit'?: (number);
  'output'?: "stdout"|"stderr"|"exit";
}
