import { type ChannelCredentials, credentials, ServerCredentials } from '@grpc/grpc-js';

// The one place that decides how gRPC peers trust each other. Today they speak
// without TLS, so that the addresses they listen on must be out of reach of
// pods and strangers; mutual TLS comes here, with files named by options.

export function clientCredentials(): ChannelCredentials {
  return credentials.createInsecure();
}

export function serverCredentials(): ServerCredentials {
  return ServerCredentials.createInsecure();
}
