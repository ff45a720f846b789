import { badRequest } from '../error.ts';
import type { Target } from './context.ts';

/**
 * The body of what is posted below an object (an eviction, a binding): it says
 * again which object it is about.
 *
 * @throws {ApiError} 400: it is of another kind, or about another object
 */
export function readPlacedBody<Body>(body: unknown, kind: string, { name, namespace }: Target): Body {
  const sent = (body ?? {}) as { kind?: unknown; metadata?: { name?: unknown; namespace?: unknown } | null };
  if (typeof sent !== 'object' || Array.isArray(sent)) throw badRequest('the request body must be an object');
  if ((sent.kind ?? kind) !== kind) throw badRequest(`the kind in the data (${String(sent.kind)}) is not ${kind}`);
  const { metadata } = sent;
  if ((metadata?.name ?? '') !== name) throw badRequest(`name in URL does not match name in ${kind} object`);
  const place = metadata?.namespace ?? '';
  if (place !== '' && place !== namespace) {
    throw badRequest('the namespace of the provided object does not match the namespace sent on the request');
  }
  return sent as Body;
}
