// Original file: proto/margay/feed/v1/feed.proto


export interface MemberInput {
  'set'?: (string);
  'member'?: (string);
}

export interface Member {
  'set': (string);
  'member': (string);
}
