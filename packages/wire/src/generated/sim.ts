import type * as grpc from '@grpc/grpc-js';
import type { EnumTypeDefinition, MessageTypeDefinition } from '@grpc/proto-loader';

import type { CaptureChunkInput as _margay_sim_v1_CaptureChunkInput, CaptureChunk as _margay_sim_v1_CaptureChunk } from './margay/sim/v1/CaptureChunk.ts';
import type { CaptureRequestInput as _margay_sim_v1_CaptureRequestInput, CaptureRequest as _margay_sim_v1_CaptureRequest } from './margay/sim/v1/CaptureRequest.ts';
import type { ExecInputInput as _margay_sim_v1_ExecInputInput, ExecInput as _margay_sim_v1_ExecInput } from './margay/sim/v1/ExecInput.ts';
import type { ExecOutputInput as _margay_sim_v1_ExecOutputInput, ExecOutput as _margay_sim_v1_ExecOutput } from './margay/sim/v1/ExecOutput.ts';
import type { ExecStartInput as _margay_sim_v1_ExecStartInput, ExecStart as _margay_sim_v1_ExecStart } from './margay/sim/v1/ExecStart.ts';
import type { GetStatusRequestInput as _margay_sim_v1_GetStatusRequestInput, GetStatusRequest as _margay_sim_v1_GetStatusRequest } from './margay/sim/v1/GetStatusRequest.ts';
import type { KubeletClient as _margay_sim_v1_KubeletClient, KubeletDefinition as _margay_sim_v1_KubeletDefinition } from './margay/sim/v1/Kubelet.ts';
import type { KubeletProbeRequestInput as _margay_sim_v1_KubeletProbeRequestInput, KubeletProbeRequest as _margay_sim_v1_KubeletProbeRequest } from './margay/sim/v1/KubeletProbeRequest.ts';
import type { ListSandboxesRequestInput as _margay_sim_v1_ListSandboxesRequestInput, ListSandboxesRequest as _margay_sim_v1_ListSandboxesRequest } from './margay/sim/v1/ListSandboxesRequest.ts';
import type { ListSandboxesResponseInput as _margay_sim_v1_ListSandboxesResponseInput, ListSandboxesResponse as _margay_sim_v1_ListSandboxesResponse } from './margay/sim/v1/ListSandboxesResponse.ts';
import type { NodeStatusInput as _margay_sim_v1_NodeStatusInput, NodeStatus as _margay_sim_v1_NodeStatus } from './margay/sim/v1/NodeStatus.ts';
import type { PodStatusInput as _margay_sim_v1_PodStatusInput, PodStatus as _margay_sim_v1_PodStatus } from './margay/sim/v1/PodStatus.ts';
import type { ProbeAllRequestInput as _margay_sim_v1_ProbeAllRequestInput, ProbeAllRequest as _margay_sim_v1_ProbeAllRequest } from './margay/sim/v1/ProbeAllRequest.ts';
import type { ProbeRequestInput as _margay_sim_v1_ProbeRequestInput, ProbeRequest as _margay_sim_v1_ProbeRequest } from './margay/sim/v1/ProbeRequest.ts';
import type { ProbeResultInput as _margay_sim_v1_ProbeResultInput, ProbeResult as _margay_sim_v1_ProbeResult } from './margay/sim/v1/ProbeResult.ts';
import type { ProcessInput as _margay_sim_v1_ProcessInput, Process as _margay_sim_v1_Process } from './margay/sim/v1/Process.ts';
import type { SandboxInput as _margay_sim_v1_SandboxInput, Sandbox as _margay_sim_v1_Sandbox } from './margay/sim/v1/Sandbox.ts';
import type { ShutdownRequestInput as _margay_sim_v1_ShutdownRequestInput, ShutdownRequest as _margay_sim_v1_ShutdownRequest } from './margay/sim/v1/ShutdownRequest.ts';
import type { ShutdownResponseInput as _margay_sim_v1_ShutdownResponseInput, ShutdownResponse as _margay_sim_v1_ShutdownResponse } from './margay/sim/v1/ShutdownResponse.ts';
import type { SimulatorClient as _margay_sim_v1_SimulatorClient, SimulatorDefinition as _margay_sim_v1_SimulatorDefinition } from './margay/sim/v1/Simulator.ts';
import type { StartEventInput as _margay_sim_v1_StartEventInput, StartEvent as _margay_sim_v1_StartEvent } from './margay/sim/v1/StartEvent.ts';
import type { StatusInput as _margay_sim_v1_StatusInput, Status as _margay_sim_v1_Status } from './margay/sim/v1/Status.ts';
import type { WatchStartRequestInput as _margay_sim_v1_WatchStartRequestInput, WatchStartRequest as _margay_sim_v1_WatchStartRequest } from './margay/sim/v1/WatchStartRequest.ts';

type SubtypeConstructor<Constructor extends new (...args: any) => any, Subtype> = {
  new(...args: ConstructorParameters<Constructor>): Subtype;
};

export interface ProtoGrpcType {
  margay: {
    sim: {
      v1: {
        CaptureChunk: MessageTypeDefinition<_margay_sim_v1_CaptureChunkInput, _margay_sim_v1_CaptureChunk>
        CaptureRequest: MessageTypeDefinition<_margay_sim_v1_CaptureRequestInput, _margay_sim_v1_CaptureRequest>
        ExecInput: MessageTypeDefinition<_margay_sim_v1_ExecInputInput, _margay_sim_v1_ExecInput>
        ExecOutput: MessageTypeDefinition<_margay_sim_v1_ExecOutputInput, _margay_sim_v1_ExecOutput>
        ExecStart: MessageTypeDefinition<_margay_sim_v1_ExecStartInput, _margay_sim_v1_ExecStart>
        GetStatusRequest: MessageTypeDefinition<_margay_sim_v1_GetStatusRequestInput, _margay_sim_v1_GetStatusRequest>
        Kubelet: SubtypeConstructor<typeof grpc.Client, _margay_sim_v1_KubeletClient> & { service: _margay_sim_v1_KubeletDefinition }
        KubeletProbeRequest: MessageTypeDefinition<_margay_sim_v1_KubeletProbeRequestInput, _margay_sim_v1_KubeletProbeRequest>
        ListSandboxesRequest: MessageTypeDefinition<_margay_sim_v1_ListSandboxesRequestInput, _margay_sim_v1_ListSandboxesRequest>
        ListSandboxesResponse: MessageTypeDefinition<_margay_sim_v1_ListSandboxesResponseInput, _margay_sim_v1_ListSandboxesResponse>
        NodeStatus: MessageTypeDefinition<_margay_sim_v1_NodeStatusInput, _margay_sim_v1_NodeStatus>
        PodStatus: MessageTypeDefinition<_margay_sim_v1_PodStatusInput, _margay_sim_v1_PodStatus>
        ProbeAllRequest: MessageTypeDefinition<_margay_sim_v1_ProbeAllRequestInput, _margay_sim_v1_ProbeAllRequest>
        ProbeRequest: MessageTypeDefinition<_margay_sim_v1_ProbeRequestInput, _margay_sim_v1_ProbeRequest>
        ProbeResult: MessageTypeDefinition<_margay_sim_v1_ProbeResultInput, _margay_sim_v1_ProbeResult>
        Process: MessageTypeDefinition<_margay_sim_v1_ProcessInput, _margay_sim_v1_Process>
        Protocol: EnumTypeDefinition
        Sandbox: MessageTypeDefinition<_margay_sim_v1_SandboxInput, _margay_sim_v1_Sandbox>
        ShutdownRequest: MessageTypeDefinition<_margay_sim_v1_ShutdownRequestInput, _margay_sim_v1_ShutdownRequest>
        ShutdownResponse: MessageTypeDefinition<_margay_sim_v1_ShutdownResponseInput, _margay_sim_v1_ShutdownResponse>
        Simulator: SubtypeConstructor<typeof grpc.Client, _margay_sim_v1_SimulatorClient> & { service: _margay_sim_v1_SimulatorDefinition }
        StartEvent: MessageTypeDefinition<_margay_sim_v1_StartEventInput, _margay_sim_v1_StartEvent>
        Status: MessageTypeDefinition<_margay_sim_v1_StatusInput, _margay_sim_v1_Status>
        WatchStartRequest: MessageTypeDefinition<_margay_sim_v1_WatchStartRequestInput, _margay_sim_v1_WatchStartRequest>
      }
    }
  }
}

