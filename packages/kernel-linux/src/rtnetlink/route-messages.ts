import {
  addressFromBytes,
  type Cidr,
  type IpAddress,
  networkAddress,
  networkOf,
  prefixLengthOf,
  versionOf,
} from '@margay/ip';
import { BodyWriter, decodeAttributes, type NetlinkMessage, type NetlinkRequest, NLM_F } from '../netlink/index.ts';
import { familyOf, wireBytes } from './address-messages.ts';
import { AF_INET, AF_INET6, RT_SCOPE, RT_TABLE_MAIN, RTA, RTAX_MTU, RTM, RTN, RTNH_F_ONLINK } from './constants.ts';

/** A route with its device as the kernel names it: by index. */
export interface KernelRoute {
  readonly destination: Cidr;
  readonly linkIndex?: number;
  readonly gateway?: IpAddress;
  readonly onLink?: boolean;
  readonly source?: IpAddress;
  readonly mtuBytes?: number;
  /** 0 when absent, and the kernel's 1024 for IPv6. */
  readonly metric?: number;
  /** The kernel's type number: RTN. */
  readonly type: number;
  readonly protocol: number;
}

/** Adds the route in the main table, in place of any of the same destination and metric. */
export function replaceRouteRequest(route: KernelRoute): NetlinkRequest {
  const { destination, linkIndex, gateway, source, mtuBytes, metric } = route;
  const scope =
    route.type === RTN.unicast && gateway === undefined && versionOf(destination) === 4
      ? RT_SCOPE.link
      : RT_SCOPE.universe;
  const body = routeBody(route, scope, route.onLink ? RTNH_F_ONLINK : 0);
  if (linkIndex !== undefined) body.attributeU32(RTA.device, linkIndex);
  if (gateway !== undefined) body.attribute(RTA.gateway, wireBytes(gateway));
  if (source !== undefined) body.attribute(RTA.source, wireBytes(source));
  if (metric !== undefined) body.attributeU32(RTA.priority, metric);
  if (mtuBytes !== undefined) body.nested(RTA.metrics, (metrics) => metrics.attributeU32(RTAX_MTU, mtuBytes));
  return {
    type: RTM.newRoute,
    flags: NLM_F.create | NLM_F.replace,
    body: body.finish(),
    operation: () => `write the route to ${destination}`,
  };
}

/** Deletes the route to `destination` of that protocol, whatever its next hop. */
export function deleteRouteRequest(destination: Cidr, protocol: number): NetlinkRequest {
  return {
    type: RTM.delRoute,
    flags: 0,
    body: routeBody({ destination, protocol, type: RTN.unspec }, RT_SCOPE.nowhere, 0).finish(),
    operation: () => `delete the route to ${destination}`,
  };
}

/** Routes of the main table; the kernel filters by protocol when one is given. */
export function listRoutesRequest(version: 4 | 6, protocol = 0): NetlinkRequest {
  const body = new BodyWriter()
    .u8(version === 4 ? AF_INET : AF_INET6)
    .u8(0)
    .u8(0)
    .u8(0);
  body.u8(RT_TABLE_MAIN).u8(protocol).u8(0).u8(0).u32(0);
  return { type: RTM.getRoute, flags: 0, body: body.finish(), operation: () => `list the IPv${version} routes` };
}

/** Undefined for a route outside of the main table, or of another family than IP. */
export function decodeRoute({ body }: NetlinkMessage): KernelRoute | undefined {
  const family = body.readUInt8(0);
  if (family !== AF_INET && family !== AF_INET6) return undefined;
  const attributes = decodeAttributes(body, 12);
  const table = attributes.get(RTA.table)?.readUInt32LE(0) ?? body.readUInt8(4);
  if (table !== RT_TABLE_MAIN) return undefined;
  const bytes = attributes.get(RTA.destination) ?? Buffer.alloc(family === AF_INET ? 4 : 16);
  const linkIndex = attributes.get(RTA.device)?.readUInt32LE(0);
  const gateway = attributes.get(RTA.gateway);
  const source = attributes.get(RTA.source);
  const metric = attributes.get(RTA.priority)?.readUInt32LE(0);
  const metrics = attributes.get(RTA.metrics);
  const mtuBytes = metrics && decodeAttributes(metrics).get(RTAX_MTU)?.readUInt32LE(0);
  return {
    destination: cidrOf(bytes, body.readUInt8(1)),
    ...(linkIndex === undefined ? {} : { linkIndex }),
    ...(gateway ? { gateway: addressFromBytes(gateway) } : {}),
    ...(body.readUInt32LE(8) & RTNH_F_ONLINK ? { onLink: true } : {}),
    ...(source ? { source: addressFromBytes(source) } : {}),
    ...(mtuBytes === undefined ? {} : { mtuBytes }),
    ...(metric === undefined ? {} : { metric }),
    type: body.readUInt8(7),
    protocol: body.readUInt8(5),
  };
}

/** The kernel keeps destinations canonical, so IPv4 is written out directly: lists have thousands. */
function cidrOf(bytes: Buffer, prefixLength: number): Cidr {
  if (bytes.length === 4) return `${bytes.join('.')}/${prefixLength}` as Cidr;
  return networkOf(addressFromBytes(bytes), prefixLength);
}

/** struct rtmsg and the destination */
function routeBody(
  { destination, protocol, type }: Pick<KernelRoute, 'destination' | 'protocol' | 'type'>,
  scope: number,
  flags: number,
): BodyWriter {
  const prefixLength = prefixLengthOf(destination);
  const body = new BodyWriter(64).u8(familyOf(destination)).u8(prefixLength).u8(0).u8(0);
  body.u8(RT_TABLE_MAIN).u8(protocol).u8(scope).u8(type).u32(flags);
  if (prefixLength > 0) body.attribute(RTA.destination, wireBytes(networkAddress(destination)));
  return body;
}
