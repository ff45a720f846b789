// Original file: proto/margay/policy/v1/policy.proto


export interface SpanChangeInput {
  'scope'?: (string);
  'add'?: (string)[];
  'remove'?: (string)[];
}

export interface SpanChange {
  'scope': (string);
  'add': (string)[];
  'remove': (string)[];
}
