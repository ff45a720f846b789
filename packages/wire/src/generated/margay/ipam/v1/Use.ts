// Original file: proto/margay/ipam/v1/ipam.proto

export const Use = {
  USE_UNSPECIFIED: 'USE_UNSPECIFIED',
  USE_WORKLOAD: 'USE_WORKLOAD',
  USE_TUNNEL: 'USE_TUNNEL',
} as const;

export type UseInput =
  | 'USE_UNSPECIFIED'
  | 0
  | 'USE_WORKLOAD'
  | 1
  | 'USE_TUNNEL'
  | 2

export type Use = typeof Use[keyof typeof Use]
