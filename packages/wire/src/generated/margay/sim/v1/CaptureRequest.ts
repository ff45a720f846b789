// Original file: proto/margay/sim/v1/sim.proto


export interface CaptureRequestInput {
  'node'?: (string);
  'interface'?: (string);
  'filter'?: (string);
  'count'?: (number);
  'seconds'?: (number | string);
  'asText'?: (boolean);
}

export interface CaptureRequest {
  'node': (string);
  'interface': (string);
  'filter': (string);
  'count': (number);
  'seconds': (number);
  'asText': (boolean);
}
