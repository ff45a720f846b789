/** What kube-apiserver calls OpenAPI 2 in protobuf; kubectl asks for it with an @ in place of the second dot. */
export const SWAGGER_PROTOBUF = 'application/com.github.proto-openapi.spec.v2.v1.0+protobuf';
const ASKED_FOR = 'application/com.github.proto-openapi.spec.v2@v1.0+protobuf';

/** The form of OpenAPI 2 that an Accept header names first; undefined: none that there is (406). */
export function acceptedSwagger(accept: string | undefined): 'json' | 'protobuf' | undefined {
  for (const range of (accept ?? '*/*').split(',')) {
    const type = range.split(';')[0]?.trim().toLowerCase();
    if (type === ASKED_FOR || type === SWAGGER_PROTOBUF) return 'protobuf';
    if (type === 'application/json' || type === 'application/*' || type === '*/*' || type === '') return 'json';
  }
  return undefined;
}
