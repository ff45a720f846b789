import type { Cidr } from '@margay/ip';
import type { Selector } from '@margay/selector';
import { sha256Hex } from './sha256.ts';

/** What an address set holds: policies that ask for the same share one set. */
export type SetSource = PodSetSource | CidrSetSource;

/** The addresses of the pods that `podSelector` matches, in the namespaces given. */
export interface PodSetSource {
  readonly kind: 'pods';
  readonly id: string;
  readonly namespaces: NamespaceChoice;
  readonly podSelector: Selector;
}

export type NamespaceChoice =
  | { readonly kind: 'named'; readonly name: string }
  | { readonly kind: 'selected'; readonly selector: Selector };

export interface CidrSetSource {
  readonly kind: 'cidrs';
  readonly id: string;
  /** Disjoint and sorted. */
  readonly cidrs: readonly Cidr[];
}

export function podSetSource(namespaces: NamespaceChoice, podSelector: Selector): PodSetSource {
  const text = JSON.stringify(['pods', namespaceChoiceKey(namespaces), podSelector.text()]);
  return { kind: 'pods', id: setId(text), namespaces, podSelector };
}

export function cidrSetSource(cidrs: readonly Cidr[]): CidrSetSource {
  return { kind: 'cidrs', id: setId(JSON.stringify(['cidrs', cidrs])), cidrs };
}

/** Equal for equal choices, whatever their spelling. */
export function namespaceChoiceKey(choice: NamespaceChoice): string {
  return choice.kind === 'named' ? `name ${choice.name}` : `labels ${choice.selector.text()}`;
}

/**
 * 80 bits of SHA-256 as hexadecimal: the same in every process, short enough
 * for a name in the kernel, and out of reach for one who would craft a
 * selector that shares another's set.
 */
function setId(canonicalText: string): string {
  return sha256Hex(canonicalText).slice(0, 20);
}
