// Original file: proto/margay/agent/v1/agent.proto


export interface GetStatusRequestInput {
}

export interface GetStatusRequest {
}
