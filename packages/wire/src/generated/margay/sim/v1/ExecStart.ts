// Original file: proto/margay/sim/v1/sim.proto


export interface ExecStartInput {
  'target'?: (string);
  'command'?: (string)[];
}

export interface ExecStart {
  'target': (string);
  'command': (string)[];
}
