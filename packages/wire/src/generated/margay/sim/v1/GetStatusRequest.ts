// Original file: proto/margay/sim/v1/sim.proto


export interface GetStatusRequestInput {
}

export interface GetStatusRequest {
}
