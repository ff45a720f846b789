export * from './linux-pod-links.ts';
export { HOST_MAC, POD_GATEWAY } from './pod-end.ts';
