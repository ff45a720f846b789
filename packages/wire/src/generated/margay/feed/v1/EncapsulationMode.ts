// Original file: proto/margay/feed/v1/feed.proto

export const EncapsulationMode = {
  ENCAPSULATION_MODE_UNSPECIFIED: 'ENCAPSULATION_MODE_UNSPECIFIED',
  ENCAPSULATION_MODE_ALWAYS: 'ENCAPSULATION_MODE_ALWAYS',
  ENCAPSULATION_MODE_CROSS_SUBNET: 'ENCAPSULATION_MODE_CROSS_SUBNET',
  ENCAPSULATION_MODE_NEVER: 'ENCAPSULATION_MODE_NEVER',
} as const;

export type EncapsulationModeInput =
  | 'ENCAPSULATION_MODE_UNSPECIFIED'
  | 0
  | 'ENCAPSULATION_MODE_ALWAYS'
  | 1
  | 'ENCAPSULATION_MODE_CROSS_SUBNET'
  | 2
  | 'ENCAPSULATION_MODE_NEVER'
  | 3

export type EncapsulationMode = typeof EncapsulationMode[keyof typeof EncapsulationMode]
