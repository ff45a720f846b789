import { SUPPORTED_CNI_VERSIONS } from '@margay/cni-plugin';

/** Name of the CNI network, and of the plugin's executable. */
export const NETWORK_NAME = 'margay';
export const CONFLIST_NAME = '10-margay.conflist';

/** The version that every runtime in use speaks, and the one that newer ones may take instead. */
const BASE_VERSION = '1.0.0';
const NEWER_VERSION = '1.1.0';

/**
 * What the runtime passes to a chained plugin, by the plugin's name. portmap
 * and bandwidth do nothing for a pod that asks for nothing.
 * Source: the "capabilities" of the CNI conventions.
 */
const CHAINED: Readonly<Record<string, object>> = {
  portmap: { snat: true, capabilities: { portMappings: true } },
  bandwidth: { capabilities: { bandwidth: true } },
};

export interface ChainedPlugin {
  readonly name: string;
  /** That it speaks. */
  readonly cniVersions: readonly string[];
}

/**
 * The network configuration as JSON. A runtime takes the highest of
 * `cniVersions` that it knows, and speaks it with every plugin of the list: so
 * the newer one is offered only where all plugins of this node speak it.
 */
export function networkConfiguration(chained: readonly ChainedPlugin[]): string {
  const everyone: readonly (readonly string[])[] = [
    SUPPORTED_CNI_VERSIONS,
    ...chained.map(({ cniVersions }) => cniVersions),
  ];
  const isNewer = everyone.every((versions) => versions.includes(NEWER_VERSION));
  const list = {
    cniVersion: BASE_VERSION,
    ...(isNewer && { cniVersions: [BASE_VERSION, NEWER_VERSION] }),
    name: NETWORK_NAME,
    plugins: [{ type: NETWORK_NAME }, ...chained.map(({ name }) => ({ type: name, ...CHAINED[name] }))],
  };
  return `${JSON.stringify(list, undefined, 2)}\n`;
}
