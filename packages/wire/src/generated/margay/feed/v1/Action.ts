// Original file: proto/margay/feed/v1/feed.proto

export const Action = {
  ACTION_UNSPECIFIED: 'ACTION_UNSPECIFIED',
  ACTION_ALLOW: 'ACTION_ALLOW',
  ACTION_DENY: 'ACTION_DENY',
} as const;

export type ActionInput =
  | 'ACTION_UNSPECIFIED'
  | 0
  | 'ACTION_ALLOW'
  | 1
  | 'ACTION_DENY'
  | 2

export type Action = typeof Action[keyof typeof Action]
