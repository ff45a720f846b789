// Original file: proto/margay/sim/v1/sim.proto


export interface ShutdownRequestInput {
}

export interface ShutdownRequest {
}
