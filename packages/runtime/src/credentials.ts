import { type ChannelCredentials, credentials, ServerCredentials } from '@grpc/grpc-js';

// The one place that decides how gRPC peers trust each other. Today they speak
// without TLS and believe each other's word: whoever reaches a service's port,
// a pod too, can ask it anything. Mutual TLS comes here, with files named by
// options.

export function clientCredentials(): ChannelCredentials {
  return credentials.createInsecure();
}

export function serverCredentials(): ServerCredentials {
  return ServerCredentials.createInsecure();
}
