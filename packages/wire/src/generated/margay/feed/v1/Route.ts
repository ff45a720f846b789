// Original file: proto/margay/feed/v1/feed.proto


export interface RouteInput {
  'cidr'?: (string);
  'node'?: (string);
}

export interface Route {
  'cidr': (string);
  'node': (string);
}
