// Original file: proto/margay/sim/v1/sim.proto


export interface ShutdownResponseInput {
}

export interface ShutdownResponse {
}
