// Original folder: proto/margay/sim/v1

export type * from './margay/sim/v1/CaptureChunk.ts';
export type * from './margay/sim/v1/CaptureRequest.ts';
export type * from './margay/sim/v1/ExecInput.ts';
export type * from './margay/sim/v1/ExecOutput.ts';
export type * from './margay/sim/v1/ExecStart.ts';
export type * from './margay/sim/v1/GetStatusRequest.ts';
export type * from './margay/sim/v1/Kubelet.ts';
export type * from './margay/sim/v1/KubeletProbeRequest.ts';
export type * from './margay/sim/v1/ListSandboxesRequest.ts';
export type * from './margay/sim/v1/ListSandboxesResponse.ts';
export type * from './margay/sim/v1/NodeStatus.ts';
export type * from './margay/sim/v1/PodStatus.ts';
export type * from './margay/sim/v1/ProbeAllRequest.ts';
export type * from './margay/sim/v1/ProbeRequest.ts';
export type * from './margay/sim/v1/ProbeResult.ts';
export type * from './margay/sim/v1/Process.ts';
export type * from './margay/sim/v1/Protocol.ts';
export type * from './margay/sim/v1/Sandbox.ts';
export type * from './margay/sim/v1/ShutdownRequest.ts';
export type * from './margay/sim/v1/ShutdownResponse.ts';
export type * from './margay/sim/v1/Simulator.ts';
export type * from './margay/sim/v1/StartEvent.ts';
export type * from './margay/sim/v1/Status.ts';
export type * from './margay/sim/v1/WatchStartRequest.ts';
