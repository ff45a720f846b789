// Original file: proto/margay/feed/v1/feed.proto


export interface PolicyListInput {
  'policies'?: (string)[];
}

export interface PolicyList {
  'policies': (string)[];
}
