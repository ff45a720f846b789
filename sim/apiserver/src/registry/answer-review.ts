import { invalid } from '../error.ts';
import type { ApiObject } from '../storage/entry.ts';
import { readAs } from './admit.ts';
import type { WriteOptions } from './context.ts';
import type { ServedResource } from './served-resource.ts';

/** Answers a kind that is a question: the object comes back with its status, and is not stored. @throws {ApiError} 400 or 422 */
export function answerReview(
  resource: ServedResource & Required<Pick<ServedResource, 'answer'>>,
  body: unknown,
  { user, options }: { readonly user: string; readonly options: WriteOptions },
): ApiObject {
  const { object, errors } = readAs(resource, body, options);
  const all = errors.length > 0 ? errors : (resource.strategy.validate?.(object) ?? []);
  if (all.length > 0) throw invalid(resource, '', all);
  return { ...object, status: resource.answer(user) };
}
