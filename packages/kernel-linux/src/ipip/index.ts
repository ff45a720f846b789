export { EbpfIpipDriver, type EbpfIpipDriverOptions } from './ebpf-ipip-driver.ts';
export type { TunnelCounters } from './tunnel-programs.ts';
