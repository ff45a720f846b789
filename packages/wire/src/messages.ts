/**
 * The messages as both ends see them: `X` is a received message, with every
 * field present (defaults filled in); `XInput` is one to send. 64-bit numbers
 * are numbers: all of them stay far below 2^53, and the feed's codecs refuse
 * one that does not.
 */
export type * as agentV1 from './generated/agent-v1.ts';
export type * as feedV1 from './generated/feed-v1.ts';
export type * as ipamV1 from './generated/ipam-v1.ts';
export type * as policyV1 from './generated/policy-v1.ts';
export type * as simV1 from './generated/sim-v1.ts';
