// Original file: proto/margay/feed/v1/feed.proto


export interface NodeInput {
  'name'?: (string);
  'address'?: (string);
  'subnet'?: (string);
  'ipipTunnelAddress'?: (string);
}

export interface Node {
  'name': (string);
  'address': (string);
  'subnet': (string);
  'ipipTunnelAddress': (string);
}
