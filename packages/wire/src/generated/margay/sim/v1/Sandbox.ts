// Original file: proto/margay/sim/v1/sim.proto


export interface SandboxInput {
  'namespace'?: (string);
  'pod'?: (string);
  'uid'?: (string);
  'containerId'?: (string);
  'netnsPath'?: (string);
  'address'?: (string);
}

export interface Sandbox {
  'namespace': (string);
  'pod': (string);
  'uid': (string);
  'containerId': (string);
  'netnsPath': (string);
  'address': (string);
}
