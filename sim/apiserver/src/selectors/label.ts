import { parseSelectorText, SelectorError } from '@margay/selector';
import { badRequest } from '../error.ts';
import type { ApiObject } from '../storage/entry.ts';

/** @throws {ApiError} 400 for a selector that cannot be read */
export function labelPredicate(text: string): (object: ApiObject) => boolean {
  try {
    const selector = parseSelectorText(text);
    return (object) => selector.matches(object.metadata.labels);
  } catch (error) {
    if (error instanceof SelectorError) throw badRequest(`unable to parse requirement: ${error.message}`);
    throw error;
  }
}
