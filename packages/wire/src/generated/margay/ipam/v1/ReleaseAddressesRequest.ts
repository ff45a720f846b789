// Original file: proto/margay/ipam/v1/ipam.proto

import type { AddressToReleaseInput as _margay_ipam_v1_AddressToReleaseInput, AddressToRelease as _margay_ipam_v1_AddressToRelease } from '../../../margay/ipam/v1/AddressToRelease.ts';

export interface ReleaseAddressesRequestInput {
  'addresses'?: (_margay_ipam_v1_AddressToReleaseInput)[];
}

export interface ReleaseAddressesRequest {
  'addresses': (_margay_ipam_v1_AddressToRelease)[];
}
