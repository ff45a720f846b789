export { CNI_VERSIONS, loadNetworkList, type NetworkList, type PluginConfig, parseNetworkList } from './conflist.ts';
export { PluginError } from './invoke.ts';
export { type Attachment, addNetworkList, type CniRuntime, delNetworkList } from './network.ts';
export { type CniResult, podAddresses } from './result.ts';
