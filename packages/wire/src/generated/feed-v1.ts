// Original folder: proto/margay/feed/v1

export type * from './margay/feed/v1/Action.ts';
export type * from './margay/feed/v1/AddressSet.ts';
export type * from './margay/feed/v1/EncapsulationMode.ts';
export type * from './margay/feed/v1/Endpoint.ts';
export type * from './margay/feed/v1/Entry.ts';
export type * from './margay/feed/v1/Feed.ts';
export type * from './margay/feed/v1/FeedBatch.ts';
export type * from './margay/feed/v1/Member.ts';
export type * from './margay/feed/v1/Node.ts';
export type * from './margay/feed/v1/PeerSets.ts';
export type * from './margay/feed/v1/Policy.ts';
export type * from './margay/feed/v1/PolicyList.ts';
export type * from './margay/feed/v1/Pool.ts';
export type * from './margay/feed/v1/PortMatch.ts';
export type * from './margay/feed/v1/PortMatches.ts';
export type * from './margay/feed/v1/Protocol.ts';
export type * from './margay/feed/v1/Route.ts';
export type * from './margay/feed/v1/Rule.ts';
export type * from './margay/feed/v1/SetType.ts';
export type * from './margay/feed/v1/SubscribeRequest.ts';
