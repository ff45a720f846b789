// Original file: proto/margay/agent/v1/agent.proto

import type { FeedInput as _margay_agent_v1_FeedInput, Feed as _margay_agent_v1_Feed } from '../../../margay/agent/v1/Feed.ts';
import type { AppliedInput as _margay_agent_v1_AppliedInput, Applied as _margay_agent_v1_Applied } from '../../../margay/agent/v1/Applied.ts';
import type { EndpointInput as _margay_agent_v1_EndpointInput, Endpoint as _margay_agent_v1_Endpoint } from '../../../margay/agent/v1/Endpoint.ts';

export interface GetStatusResponseInput {
  'node'?: (string);
  'address'?: (string);
  'device'?: (string);
  'ipipTunnelAddress'?: (string);
  'ipipDriver'?: (string);
  'podMtuBytes'?: (number);
  'feed'?: (_margay_agent_v1_FeedInput | null);
  'applied'?: (_margay_agent_v1_AppliedInput | null);
  'endpoints'?: (_margay_agent_v1_EndpointInput)[];
}

export interface GetStatusResponse {
  'node': (string);
  'address': (string);
  'device': (string);
  'ipipTunnelAddress': (string);
  'ipipDriver': (string);
  'podMtuBytes': (number);
  'feed': (_margay_agent_v1_Feed | null);
  'applied': (_margay_agent_v1_Applied | null);
  'endpoints': (_margay_agent_v1_Endpoint)[];
}
