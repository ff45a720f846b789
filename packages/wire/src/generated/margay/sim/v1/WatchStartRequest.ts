// Original file: proto/margay/sim/v1/sim.proto


export interface WatchStartRequestInput {
}

export interface WatchStartRequest {
}
