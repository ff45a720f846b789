// Original file: proto/margay/sim/v1/sim.proto

import type { ExecStartInput as _margay_sim_v1_ExecStartInput, ExecStart as _margay_sim_v1_ExecStart } from '../../../margay/sim/v1/ExecStart.ts';

export interface ExecInputInput {
  'start'?: (_margay_sim_v1_ExecStartInput | null);
  'stdin'?: (Buffer | Uint8Array | string);
  'stdinClosed'?: (boolean);
  'signal'?: (number);
  'input'?: "start"|"stdin"|"stdinClosed"|"signal";
}

export interface ExecInput {
  'start'?: (_margay_sim_v1_ExecStart | null);
  'stdin'?: (Buffer);
  'stdinClosed'?: (boolean);
  'signal'?: (number);
  'input'?: "start"|"stdin"|"stdinClosed"|"signal";
}
