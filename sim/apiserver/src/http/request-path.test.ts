import { describe, expect, it } from 'vitest';
import { parseResourcePath, parseTarget, pathSegments } from './request-path.ts';

describe('parseResourcePath', () => {
  it.each([
    ['/api/v1/pods', 'v1 - pods - -'],
    ['/api/v1/namespaces/a/pods/b', 'v1 a pods b -'],
    ['/api/v1/namespaces/a/pods/b/status', 'v1 a pods b status'],
    ['/api/v1/namespaces', 'v1 - namespaces - -'],
    ['/api/v1/namespaces/a', 'v1 - namespaces a -'],
    ['/api/v1/namespaces/a/status', 'v1 - namespaces a status'],
    ['/api/v1/namespaces/a/finalize', 'v1 - namespaces a finalize'],
    ['/api/v1/namespaces/status/pods', 'v1 status pods - -'],
    ['/apis/g.io/v1/namespaces/a/things', 'g.io/v1 a things - -'],
    ['/apis/g.io/v1/things/x%20y/', 'g.io/v1 - things x y -'],
  ])('%s', (path, expected) => {
    const parsed = parseResourcePath(pathSegments(path) ?? []);
    const {
      apiVersion,
      namespace = '-',
      plural,
      name = '-',
      subresource = '-',
    } = parsed ?? { apiVersion: '', plural: '' };
    expect([apiVersion, namespace, plural, name, subresource].join(' ')).toBe(expected);
  });

  it.each(['/api', '/api/v1', '/apis/g.io/v1', '/version', '/api/v1/a/b/c/d', '/api/v1//pods'])(
    '%s names no objects',
    (path) => {
      expect(parseResourcePath(pathSegments(path) ?? [])).toBeUndefined();
    },
  );

  it('cannot decode every path', () => {
    expect(pathSegments('/%ff')).toBeUndefined();
  });
});

describe('parseTarget', () => {
  it.each([
    ['/api?watch=1&x=%zz', '/api', 'watch=1&x=%25zz'],
    ['/a?b?c', '/a', 'b%3Fc='],
    ['//host:99999/..', '//host:99999/..', ''],
    ['https://host:99999/api?x', '/api', 'x='],
    ['http://host', '', ''],
    ['/http://host', '/http://host', ''],
    ['*', '*', ''],
    ['', '', ''],
  ])('takes %j apart', (target, path, parameters) => {
    const { pathname, query } = parseTarget(target);
    expect([pathname, query.toString()]).toEqual([path, parameters]);
  });
});
