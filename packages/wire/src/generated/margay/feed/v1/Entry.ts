// Original file: proto/margay/feed/v1/feed.proto

import type { NodeInput as _margay_feed_v1_NodeInput, Node as _margay_feed_v1_Node } from '../../../margay/feed/v1/Node.ts';
import type { PoolInput as _margay_feed_v1_PoolInput, Pool as _margay_feed_v1_Pool } from '../../../margay/feed/v1/Pool.ts';
import type { RouteInput as _margay_feed_v1_RouteInput, Route as _margay_feed_v1_Route } from '../../../margay/feed/v1/Route.ts';
import type { PolicyInput as _margay_feed_v1_PolicyInput, Policy as _margay_feed_v1_Policy } from '../../../margay/feed/v1/Policy.ts';
import type { AddressSetInput as _margay_feed_v1_AddressSetInput, AddressSet as _margay_feed_v1_AddressSet } from '../../../margay/feed/v1/AddressSet.ts';
import type { MemberInput as _margay_feed_v1_MemberInput, Member as _margay_feed_v1_Member } from '../../../margay/feed/v1/Member.ts';
import type { EndpointInput as _margay_feed_v1_EndpointInput, Endpoint as _margay_feed_v1_Endpoint } from '../../../margay/feed/v1/Endpoint.ts';

export interface EntryInput {
  'node'?: (_margay_feed_v1_NodeInput | null);
  'pool'?: (_margay_feed_v1_PoolInput | null);
  'route'?: (_margay_feed_v1_RouteInput | null);
  'policy'?: (_margay_feed_v1_PolicyInput | null);
  'set'?: (_margay_feed_v1_AddressSetInput | null);
  'member'?: (_margay_feed_v1_MemberInput | null);
  'endpoint'?: (_margay_feed_v1_EndpointInput | null);
  'value'?: "node"|"pool"|"route"|"policy"|"set"|"member"|"endpoint";
}

export interface Entry {
  'node'?: (_margay_feed_v1_Node | null);
  'pool'?: (_margay_feed_v1_Pool | null);
  'route'?: (_margay_feed_v1_Route | null);
  'policy'?: (_margay_feed_v1_Policy | null);
  'set'?: (_margay_feed_v1_AddressSet | null);
  'member'?: (_margay_feed_v1_Member | null);
  'endpoint'?: (_margay_feed_v1_Endpoint | null);
  'value'?: "node"|"pool"|"route"|"policy"|"set"|"member"|"endpoint";
}
