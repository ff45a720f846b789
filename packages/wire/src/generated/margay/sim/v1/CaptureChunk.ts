// Original file: proto/margay/sim/v1/sim.proto


export interface CaptureChunkInput {
  'pcap'?: (Buffer | Uint8Array | string);
  'text'?: (string);
  'chunk'?: "pcap"|"text";
}

export interface CaptureChunk {
  'pcap'?: (Buffer);
  'text'?: (string);
  'chunk'?: "pcap"|"text";
}
