import type { IncomingMessage } from 'node:http';
import { ApiError } from '../error.ts';
import { type ParsedBody, parseJson, parseYaml } from './parse-text.ts';
import { PROTOBUF_MEDIA_TYPE, parseProtobuf } from './protobuf.ts';

/** Kubernetes' limit for a request. */
const MAX_BODY_BYTES = 3 * 1024 * 1024;

/** @throws {ApiError} 413 */
export async function readBody(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes > MAX_BODY_BYTES) {
      throw new ApiError('RequestEntityTooLarge', `Request entity too large: limit is ${MAX_BODY_BYTES}`);
    }
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

export function mediaTypeOf(request: IncomingMessage): string {
  return (request.headers['content-type'] ?? '').split(';')[0]?.trim().toLowerCase() ?? '';
}

/** Parses a JSON or YAML body, or one of the few in protobuf. @throws {ApiError} 400, or 415 for another media type */
export async function parseBody(
  bytes: Buffer,
  mediaType: string,
  options: { readonly findDuplicates: boolean; readonly patch: boolean },
): Promise<ParsedBody> {
  if (mediaType === 'application/yaml') return parseYaml(bytes.toString('utf8'));
  if (mediaType === '' || mediaType === 'application/json' || (options.patch && mediaType.endsWith('+json'))) {
    return parseJson(bytes.toString('utf8'), options);
  }
  if (mediaType === PROTOBUF_MEDIA_TYPE) {
    const object = parseProtobuf(bytes);
    if (object !== undefined) return { value: object, duplicates: [] };
  }
  throw new ApiError(
    'UnsupportedMediaType',
    'the body of the request was in an unknown format - accepted media types include: application/json, application/yaml',
  );
}
