// Original file: proto/margay/feed/v1/feed.proto

import type { ActionInput as _margay_feed_v1_ActionInput, Action as _margay_feed_v1_Action } from '../../../margay/feed/v1/Action.ts';
import type { PeerSetsInput as _margay_feed_v1_PeerSetsInput, PeerSets as _margay_feed_v1_PeerSets } from '../../../margay/feed/v1/PeerSets.ts';
import type { PortMatchesInput as _margay_feed_v1_PortMatchesInput, PortMatches as _margay_feed_v1_PortMatches } from '../../../margay/feed/v1/PortMatches.ts';

export interface RuleInput {
  'origin'?: (string);
  'action'?: (_margay_feed_v1_ActionInput);
  'peers'?: (_margay_feed_v1_PeerSetsInput | null);
  'ports'?: (_margay_feed_v1_PortMatchesInput | null);
}

export interface Rule {
  'origin': (string);
  'action': (_margay_feed_v1_Action);
  'peers': (_margay_feed_v1_PeerSets | null);
  'ports': (_margay_feed_v1_PortMatches | null);
}
