// Original file: proto/margay/sim/v1/sim.proto


export interface CaptureChunkInput {
  'pcap'?: (Buffer | Uint8Array | string);
  'text'?: (string);
  'listening'?: (string);
  'chunk'?: "pcap"|"text"|"listening";
}

export interface CaptureChunk {
  'pcap'?: (Buffer);
  'text'?: (string);
  'listening'?: (string);
  'chunk'?: "pcap"|"text"|"listening";
}
