// Original file: proto/margay/sim/v1/sim.proto


export interface ListSandboxesRequestInput {
}

export interface ListSandboxesRequest {
}
