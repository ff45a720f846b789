import type * as grpc from '@grpc/grpc-js';
import type { EnumTypeDefinition, MessageTypeDefinition } from '@grpc/proto-loader';

import type { AddressToReleaseInput as _margay_ipam_v1_AddressToReleaseInput, AddressToRelease as _margay_ipam_v1_AddressToRelease } from './margay/ipam/v1/AddressToRelease.ts';
import type { AssignmentInput as _margay_ipam_v1_AssignmentInput, Assignment as _margay_ipam_v1_Assignment } from './margay/ipam/v1/Assignment.ts';
import type { AutoAssignRequestInput as _margay_ipam_v1_AutoAssignRequestInput, AutoAssignRequest as _margay_ipam_v1_AutoAssignRequest } from './margay/ipam/v1/AutoAssignRequest.ts';
import type { AutoAssignResponseInput as _margay_ipam_v1_AutoAssignResponseInput, AutoAssignResponse as _margay_ipam_v1_AutoAssignResponse } from './margay/ipam/v1/AutoAssignResponse.ts';
import type { HandoverInput as _margay_ipam_v1_HandoverInput, Handover as _margay_ipam_v1_Handover } from './margay/ipam/v1/Handover.ts';
import type { IpamClient as _margay_ipam_v1_IpamClient, IpamDefinition as _margay_ipam_v1_IpamDefinition } from './margay/ipam/v1/Ipam.ts';
import type { KeepReserveRequestInput as _margay_ipam_v1_KeepReserveRequestInput, KeepReserveRequest as _margay_ipam_v1_KeepReserveRequest } from './margay/ipam/v1/KeepReserveRequest.ts';
import type { KeepReserveResponseInput as _margay_ipam_v1_KeepReserveResponseInput, KeepReserveResponse as _margay_ipam_v1_KeepReserveResponse } from './margay/ipam/v1/KeepReserveResponse.ts';
import type { ReleaseAddressesRequestInput as _margay_ipam_v1_ReleaseAddressesRequestInput, ReleaseAddressesRequest as _margay_ipam_v1_ReleaseAddressesRequest } from './margay/ipam/v1/ReleaseAddressesRequest.ts';
import type { ReleaseAddressesResponseInput as _margay_ipam_v1_ReleaseAddressesResponseInput, ReleaseAddressesResponse as _margay_ipam_v1_ReleaseAddressesResponse } from './margay/ipam/v1/ReleaseAddressesResponse.ts';
import type { ReleaseHandleRequestInput as _margay_ipam_v1_ReleaseHandleRequestInput, ReleaseHandleRequest as _margay_ipam_v1_ReleaseHandleRequest } from './margay/ipam/v1/ReleaseHandleRequest.ts';
import type { ReleaseHandleResponseInput as _margay_ipam_v1_ReleaseHandleResponseInput, ReleaseHandleResponse as _margay_ipam_v1_ReleaseHandleResponse } from './margay/ipam/v1/ReleaseHandleResponse.ts';
import type { ReleaseNodeRequestInput as _margay_ipam_v1_ReleaseNodeRequestInput, ReleaseNodeRequest as _margay_ipam_v1_ReleaseNodeRequest } from './margay/ipam/v1/ReleaseNodeRequest.ts';
import type { ReleaseNodeResponseInput as _margay_ipam_v1_ReleaseNodeResponseInput, ReleaseNodeResponse as _margay_ipam_v1_ReleaseNodeResponse } from './margay/ipam/v1/ReleaseNodeResponse.ts';

type SubtypeConstructor<Constructor extends new (...args: any) => any, Subtype> = {
  new(...args: ConstructorParameters<Constructor>): Subtype;
};

export interface ProtoGrpcType {
  margay: {
    ipam: {
      v1: {
        AddressToRelease: MessageTypeDefinition<_margay_ipam_v1_AddressToReleaseInput, _margay_ipam_v1_AddressToRelease>
        Assignment: MessageTypeDefinition<_margay_ipam_v1_AssignmentInput, _margay_ipam_v1_Assignment>
        AutoAssignRequest: MessageTypeDefinition<_margay_ipam_v1_AutoAssignRequestInput, _margay_ipam_v1_AutoAssignRequest>
        AutoAssignResponse: MessageTypeDefinition<_margay_ipam_v1_AutoAssignResponseInput, _margay_ipam_v1_AutoAssignResponse>
        Handover: MessageTypeDefinition<_margay_ipam_v1_HandoverInput, _margay_ipam_v1_Handover>
        Ipam: SubtypeConstructor<typeof grpc.Client, _margay_ipam_v1_IpamClient> & { service: _margay_ipam_v1_IpamDefinition }
        KeepReserveRequest: MessageTypeDefinition<_margay_ipam_v1_KeepReserveRequestInput, _margay_ipam_v1_KeepReserveRequest>
        KeepReserveResponse: MessageTypeDefinition<_margay_ipam_v1_KeepReserveResponseInput, _margay_ipam_v1_KeepReserveResponse>
        ReleaseAddressesRequest: MessageTypeDefinition<_margay_ipam_v1_ReleaseAddressesRequestInput, _margay_ipam_v1_ReleaseAddressesRequest>
        ReleaseAddressesResponse: MessageTypeDefinition<_margay_ipam_v1_ReleaseAddressesResponseInput, _margay_ipam_v1_ReleaseAddressesResponse>
        ReleaseHandleRequest: MessageTypeDefinition<_margay_ipam_v1_ReleaseHandleRequestInput, _margay_ipam_v1_ReleaseHandleRequest>
        ReleaseHandleResponse: MessageTypeDefinition<_margay_ipam_v1_ReleaseHandleResponseInput, _margay_ipam_v1_ReleaseHandleResponse>
        ReleaseNodeRequest: MessageTypeDefinition<_margay_ipam_v1_ReleaseNodeRequestInput, _margay_ipam_v1_ReleaseNodeRequest>
        ReleaseNodeResponse: MessageTypeDefinition<_margay_ipam_v1_ReleaseNodeResponseInput, _margay_ipam_v1_ReleaseNodeResponse>
        Use: EnumTypeDefinition
      }
    }
  }
}

