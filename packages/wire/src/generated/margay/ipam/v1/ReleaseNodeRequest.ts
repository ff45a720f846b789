// Original file: proto/margay/ipam/v1/ipam.proto


export interface ReleaseNodeRequestInput {
  'node'?: (string);
}

export interface ReleaseNodeRequest {
  'node': (string);
}
