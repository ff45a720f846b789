// Original file: proto/margay/policy/v1/policy.proto


export interface WatchRequestInput {
}

export interface WatchRequest {
}
