export { type DefaultTopologyOptions, defaultTopology } from './default-topology.ts';
export * from './defaults.ts';
export * from './error.ts';
export * from './features.ts';
export { parseTopology, type TopologyOverrides } from './parse-topology.ts';
export type * from './types.ts';
