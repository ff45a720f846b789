import type * as grpc from '@grpc/grpc-js';
import type { MessageTypeDefinition } from '@grpc/proto-loader';

import type { AppliedInput as _margay_agent_v1_AppliedInput, Applied as _margay_agent_v1_Applied } from './margay/agent/v1/Applied.ts';
import type { EndpointInput as _margay_agent_v1_EndpointInput, Endpoint as _margay_agent_v1_Endpoint } from './margay/agent/v1/Endpoint.ts';
import type { FeedInput as _margay_agent_v1_FeedInput, Feed as _margay_agent_v1_Feed } from './margay/agent/v1/Feed.ts';
import type { GetStatusRequestInput as _margay_agent_v1_GetStatusRequestInput, GetStatusRequest as _margay_agent_v1_GetStatusRequest } from './margay/agent/v1/GetStatusRequest.ts';
import type { GetStatusResponseInput as _margay_agent_v1_GetStatusResponseInput, GetStatusResponse as _margay_agent_v1_GetStatusResponse } from './margay/agent/v1/GetStatusResponse.ts';
import type { NodeAgentClient as _margay_agent_v1_NodeAgentClient, NodeAgentDefinition as _margay_agent_v1_NodeAgentDefinition } from './margay/agent/v1/NodeAgent.ts';

type SubtypeConstructor<Constructor extends new (...args: any) => any, Subtype> = {
  new(...args: ConstructorParameters<Constructor>): Subtype;
};

export interface ProtoGrpcType {
  margay: {
    agent: {
      v1: {
        Applied: MessageTypeDefinition<_margay_agent_v1_AppliedInput, _margay_agent_v1_Applied>
        Endpoint: MessageTypeDefinition<_margay_agent_v1_EndpointInput, _margay_agent_v1_Endpoint>
        Feed: MessageTypeDefinition<_margay_agent_v1_FeedInput, _margay_agent_v1_Feed>
        GetStatusRequest: MessageTypeDefinition<_margay_agent_v1_GetStatusRequestInput, _margay_agent_v1_GetStatusRequest>
        GetStatusResponse: MessageTypeDefinition<_margay_agent_v1_GetStatusResponseInput, _margay_agent_v1_GetStatusResponse>
        NodeAgent: SubtypeConstructor<typeof grpc.Client, _margay_agent_v1_NodeAgentClient> & { service: _margay_agent_v1_NodeAgentDefinition }
      }
    }
  }
}

