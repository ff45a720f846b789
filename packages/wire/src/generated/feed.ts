import type * as grpc from '@grpc/grpc-js';
import type { EnumTypeDefinition, MessageTypeDefinition } from '@grpc/proto-loader';

import type { AddressSetInput as _margay_feed_v1_AddressSetInput, AddressSet as _margay_feed_v1_AddressSet } from './margay/feed/v1/AddressSet.ts';
import type { EndpointInput as _margay_feed_v1_EndpointInput, Endpoint as _margay_feed_v1_Endpoint } from './margay/feed/v1/Endpoint.ts';
import type { EntryInput as _margay_feed_v1_EntryInput, Entry as _margay_feed_v1_Entry } from './margay/feed/v1/Entry.ts';
import type { FeedClient as _margay_feed_v1_FeedClient, FeedDefinition as _margay_feed_v1_FeedDefinition } from './margay/feed/v1/Feed.ts';
import type { FeedBatchInput as _margay_feed_v1_FeedBatchInput, FeedBatch as _margay_feed_v1_FeedBatch } from './margay/feed/v1/FeedBatch.ts';
import type { MemberInput as _margay_feed_v1_MemberInput, Member as _margay_feed_v1_Member } from './margay/feed/v1/Member.ts';
import type { NodeInput as _margay_feed_v1_NodeInput, Node as _margay_feed_v1_Node } from './margay/feed/v1/Node.ts';
import type { PeerSetsInput as _margay_feed_v1_PeerSetsInput, PeerSets as _margay_feed_v1_PeerSets } from './margay/feed/v1/PeerSets.ts';
import type { PolicyInput as _margay_feed_v1_PolicyInput, Policy as _margay_feed_v1_Policy } from './margay/feed/v1/Policy.ts';
import type { PolicyListInput as _margay_feed_v1_PolicyListInput, PolicyList as _margay_feed_v1_PolicyList } from './margay/feed/v1/PolicyList.ts';
import type { PoolInput as _margay_feed_v1_PoolInput, Pool as _margay_feed_v1_Pool } from './margay/feed/v1/Pool.ts';
import type { PortMatchInput as _margay_feed_v1_PortMatchInput, PortMatch as _margay_feed_v1_PortMatch } from './margay/feed/v1/PortMatch.ts';
import type { PortMatchesInput as _margay_feed_v1_PortMatchesInput, PortMatches as _margay_feed_v1_PortMatches } from './margay/feed/v1/PortMatches.ts';
import type { RouteInput as _margay_feed_v1_RouteInput, Route as _margay_feed_v1_Route } from './margay/feed/v1/Route.ts';
import type { RuleInput as _margay_feed_v1_RuleInput, Rule as _margay_feed_v1_Rule } from './margay/feed/v1/Rule.ts';
import type { SubscribeRequestInput as _margay_feed_v1_SubscribeRequestInput, SubscribeRequest as _margay_feed_v1_SubscribeRequest } from './margay/feed/v1/SubscribeRequest.ts';

type SubtypeConstructor<Constructor extends new (...args: any) => any, Subtype> = {
  new(...args: ConstructorParameters<Constructor>): Subtype;
};

export interface ProtoGrpcType {
  margay: {
    feed: {
      v1: {
        Action: EnumTypeDefinition
        AddressSet: MessageTypeDefinition<_margay_feed_v1_AddressSetInput, _margay_feed_v1_AddressSet>
        EncapsulationMode: EnumTypeDefinition
        Endpoint: MessageTypeDefinition<_margay_feed_v1_EndpointInput, _margay_feed_v1_Endpoint>
        Entry: MessageTypeDefinition<_margay_feed_v1_EntryInput, _margay_feed_v1_Entry>
        Feed: SubtypeConstructor<typeof grpc.Client, _margay_feed_v1_FeedClient> & { service: _margay_feed_v1_FeedDefinition }
        FeedBatch: MessageTypeDefinition<_margay_feed_v1_FeedBatchInput, _margay_feed_v1_FeedBatch>
        Member: MessageTypeDefinition<_margay_feed_v1_MemberInput, _margay_feed_v1_Member>
        Node: MessageTypeDefinition<_margay_feed_v1_NodeInput, _margay_feed_v1_Node>
        PeerSets: MessageTypeDefinition<_margay_feed_v1_PeerSetsInput, _margay_feed_v1_PeerSets>
        Policy: MessageTypeDefinition<_margay_feed_v1_PolicyInput, _margay_feed_v1_Policy>
        PolicyList: MessageTypeDefinition<_margay_feed_v1_PolicyListInput, _margay_feed_v1_PolicyList>
        Pool: MessageTypeDefinition<_margay_feed_v1_PoolInput, _margay_feed_v1_Pool>
        PortMatch: MessageTypeDefinition<_margay_feed_v1_PortMatchInput, _margay_feed_v1_PortMatch>
        PortMatches: MessageTypeDefinition<_margay_feed_v1_PortMatchesInput, _margay_feed_v1_PortMatches>
        Protocol: EnumTypeDefinition
        Route: MessageTypeDefinition<_margay_feed_v1_RouteInput, _margay_feed_v1_Route>
        Rule: MessageTypeDefinition<_margay_feed_v1_RuleInput, _margay_feed_v1_Rule>
        SetType: EnumTypeDefinition
        SubscribeRequest: MessageTypeDefinition<_margay_feed_v1_SubscribeRequestInput, _margay_feed_v1_SubscribeRequest>
      }
    }
  }
}

