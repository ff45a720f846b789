// Original file: proto/margay/feed/v1/feed.proto

export const SetType = {
  SET_TYPE_UNSPECIFIED: 'SET_TYPE_UNSPECIFIED',
  SET_TYPE_ADDRESSES: 'SET_TYPE_ADDRESSES',
  SET_TYPE_CIDRS: 'SET_TYPE_CIDRS',
} as const;

export type SetTypeInput =
  | 'SET_TYPE_UNSPECIFIED'
  | 0
  | 'SET_TYPE_ADDRESSES'
  | 1
  | 'SET_TYPE_CIDRS'
  | 2

export type SetType = typeof SetType[keyof typeof SetType]
