// Original file: proto/margay/agent/v1/agent.proto


export interface EndpointInput {
  'namespace'?: (string);
  'pod'?: (string);
  'uid'?: (string);
  'address'?: (string);
  'device'?: (string);
  'containerId'?: (string);
}

export interface Endpoint {
  'namespace': (string);
  'pod': (string);
  'uid': (string);
  'address': (string);
  'device': (string);
  'containerId': (string);
}
