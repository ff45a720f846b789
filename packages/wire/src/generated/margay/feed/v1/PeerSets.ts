// Original file: proto/margay/feed/v1/feed.proto


export interface PeerSetsInput {
  'sets'?: (string)[];
}

export interface PeerSets {
  'sets': (string)[];
}
