import type { IncomingMessage, ServerResponse } from 'node:http';
import { acceptedDiscovery, discoveryMediaType } from '../discovery/accepted-discovery.ts';
import { aggregatedDiscovery, apiGroup, coreVersions, groupList, resourceList } from '../discovery/documents.ts';
import { ApiError, methodNotAllowed } from '../error.ts';
import type { OpenApiDocuments } from '../openapi/openapi-documents.ts';
import { acceptedSwagger, SWAGGER_PROTOBUF } from './accepted-swagger.ts';
import type { Authenticator } from './authenticate.ts';
import { type Exchange, respondJson, type ServerContext } from './exchange.ts';
import { respondHealth, respondText } from './health.ts';
import { parseResourcePath, parseTarget, pathSegments } from './request-path.ts';
import { handleResource } from './resource-handler.ts';
import { unknownPath, unservedKind } from './unserved.ts';
import { versionDocument } from './version.ts';

export interface RequestHandlerOptions {
  readonly context: ServerContext;
  readonly authenticator: Authenticator;
  readonly openApi: OpenApiDocuments;
  /** Told of failures that are the server's own. */
  readonly onInternalError: (error: unknown, request: IncomingMessage) => void;
}

/** Answers every request; never throws. */
export function createRequestHandler(
  options: RequestHandlerOptions,
): (request: IncomingMessage, response: ServerResponse) => void {
  return (request, response) => {
    handle(request, response, options).catch((error: unknown) => {
      respondError(request, response, error, options);
    });
  };
}

async function handle(
  request: IncomingMessage,
  response: ServerResponse,
  options: RequestHandlerOptions,
): Promise<void> {
  const { pathname, query } = parseTarget(request.url ?? '/');
  const segments = pathSegments(pathname);
  if (segments === undefined) throw new ApiError('BadRequest', 'the path cannot be decoded');
  if (!/[^/]\/+$/.test(pathname) && respondHealth(response, { segments, query })) return;
  const user = options.authenticator.authenticate(request);
  if (user === undefined) throw new ApiError('Unauthorized', 'Unauthorized');
  if (!pathname.startsWith('/')) throw unknownPath();
  const exchange: Exchange = { request, response, query, user };
  const { catalog } = options.context;
  const path = parseResourcePath(segments);
  if (path !== undefined) {
    const resource = catalog.find(path.apiVersion, path.plural);
    if (resource === undefined) {
      const error = unservedKind(path);
      // Of groups that are not its own, kube-apiserver does not answer as an API.
      return error === undefined ? respondText(response, 404, '404 page not found\n') : Promise.reject(error);
    }
    return handleResource(exchange, options.context, resource, path);
  }
  respondDocument(exchange, segments, options);
}

/** Everything that is not about objects. @throws {ApiError} 404 */
function respondDocument(
  exchange: Exchange,
  segments: readonly string[],
  { context, openApi }: RequestHandlerOptions,
): void {
  const { catalog } = context;
  const [root, ...rest] = segments;
  const document = (): object | string | undefined => {
    switch (root) {
      case '':
        if (rest.length > 0) return undefined;
        return { paths: ['/api', '/apis', '/healthz', '/livez', '/openapi/v2', '/openapi/v3', '/readyz', '/version'] };
      case 'api':
        return rest.length === 0 ? coreVersions() : resourceList(catalog, rest.join('/'));
      case 'apis':
        if (rest.length === 0) return groupList(catalog);
        return rest.length === 1 ? apiGroup(catalog, rest[0] ?? '') : resourceList(catalog, rest.join('/'));
      case 'openapi':
        if (rest[0] === 'v2' && rest.length === 1) return openApi.swagger();
        if (rest[0] === 'v3')
          return rest.length === 1 ? openApi.index() : openApi.groupVersion(rest.slice(1).join('/'));
        return undefined;
      case 'version':
        return rest.length === 0 ? versionDocument() : undefined;
      default:
        return undefined;
    }
  };
  const discovery = acceptedDiscovery(exchange.request.headers.accept);
  if (discovery !== undefined && rest.length === 0 && (root === 'api' || root === 'apis')) {
    const text = JSON.stringify(aggregatedDiscovery(catalog, root === 'api' ? 'core' : 'named', discovery));
    exchange.response.writeHead(200, { 'content-type': discoveryMediaType(discovery), vary: 'Accept' });
    exchange.response.end(text);
    return;
  }
  if (root === 'openapi' && rest.length === 1 && rest[0] === 'v2') {
    const form = acceptedSwagger(exchange.request.headers.accept);
    if (form !== 'json') {
      respondSwagger(exchange, form, openApi);
      return;
    }
  }
  const body = document();
  if (body === undefined) {
    // Outside of its API, and of groups that are not there, kube-apiserver answers in plain words.
    if (isApiVersion(segments)) throw unknownPath();
    respondText(exchange.response, 404, '404 page not found\n');
    return;
  }
  if (exchange.request.method !== 'GET') throw methodNotAllowed();
  respondJson(exchange, 200, body);
}

/** Of the core group, or of a group of Kubernetes' own. */
function isApiVersion([root, ...rest]: readonly string[]): boolean {
  return root === 'api' ? rest.length > 0 : root === 'apis' && rest.length > 1 && (rest[0] ?? '').endsWith('.k8s.io');
}

function respondSwagger({ response }: Exchange, form: 'protobuf' | undefined, openApi: OpenApiDocuments): void {
  if (form === undefined) {
    response.writeHead(406, { vary: 'Accept', 'content-length': 0 }).end();
    return;
  }
  const bytes = openApi.swaggerProtobuf();
  response.writeHead(200, { 'content-type': SWAGGER_PROTOBUF, 'content-length': bytes.length, vary: 'Accept' });
  response.end(bytes);
}

function respondError(
  request: IncomingMessage,
  response: ServerResponse,
  error: unknown,
  { onInternalError }: RequestHandlerOptions,
): void {
  // The client went away in the middle: there is nobody to answer.
  if (request.destroyed && !request.complete && !(error instanceof ApiError)) {
    response.destroy();
    return;
  }
  const known = error instanceof ApiError;
  if (!known) onInternalError(error, request);
  if (response.headersSent) {
    response.destroy();
    return;
  }
  const answer = known ? error : new ApiError('InternalError', 'Internal error occurred: the server failed');
  if (answer.reason === 'Unauthorized') response.setHeader('www-authenticate', 'Bearer');
  if (answer.details?.retryAfterSeconds !== undefined)
    response.setHeader('retry-after', answer.details.retryAfterSeconds);
  // What is left of a body that was not read would be taken for the next request.
  if (!request.complete) response.setHeader('connection', 'close');
  respondJson({ response }, answer.httpStatus, answer.toStatus());
}
