import { orList } from './reader.ts';
import type { Mode, Profile } from './types.ts';

export const MODES: readonly Mode[] = ['encapsulated', 'direct'];
export const PROFILES: readonly Profile[] = ['bare-metal'];

const LATER_MODES = ['cross-subnet', 'vxlan', 'bgp'];

/** The mode of that name, or one sentence that says why it is refused. */
export function readMode(text: string): { readonly mode: Mode } | { readonly refusal: string } {
  const mode = MODES.find((candidate) => candidate === text);
  if (mode !== undefined) return { mode };
  if (LATER_MODES.includes(text)) {
    return { refusal: `mode ${text} is not there yet in this version; choose ${orList(MODES)}` };
  }
  return { refusal: `there is no mode '${text}'; choose ${orList(MODES)}` };
}

/** The profile of that name, or one sentence that says why it is refused. */
export function readProfile(text: string): { readonly profile: Profile } | { readonly refusal: string } {
  const profile = PROFILES.find((candidate) => candidate === text);
  if (profile !== undefined) return { profile };
  if (text === 'azure') {
    return { refusal: 'profile azure is refused: the Azure fabric drops IP-in-IP packets; choose bare-metal' };
  }
  if (text === 'aws') return { refusal: 'profile aws is not there yet in this version; choose bare-metal' };
  return { refusal: `there is no profile '${text}'; choose ${orList(PROFILES)}` };
}
