// Original file: proto/margay/sim/v1/sim.proto

export const Protocol = {
  PROTOCOL_UNSPECIFIED: 'PROTOCOL_UNSPECIFIED',
  PROTOCOL_TCP: 'PROTOCOL_TCP',
  PROTOCOL_UDP: 'PROTOCOL_UDP',
  PROTOCOL_SCTP: 'PROTOCOL_SCTP',
  PROTOCOL_ICMP: 'PROTOCOL_ICMP',
} as const;

export type ProtocolInput =
  | 'PROTOCOL_UNSPECIFIED'
  | 0
  | 'PROTOCOL_TCP'
  | 1
  | 'PROTOCOL_UDP'
  | 2
  | 'PROTOCOL_SCTP'
  | 3
  | 'PROTOCOL_ICMP'
  | 4

export type Protocol = typeof Protocol[keyof typeof Protocol]
