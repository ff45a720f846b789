/** What a container may do (core/v1): names and types of the fields, in the notation of ../schema/parse-fields.ts. */
export const CORE_SECURITY_FIELDS = `
AppArmorProfile
  localhostProfile string #2*
  type! enum(Localhost,RuntimeDefault,Unconfined) #1
Capabilities
  add [string] #1
  drop [string] #2
SELinuxOptions
  level string #4
  role string #2
  type string #3
  user string #1
SeccompProfile
  localhostProfile string #2*
  type! enum(Localhost,RuntimeDefault,Unconfined) #1
SecurityContext
  allowPrivilegeEscalation boolean #7*
  appArmorProfile AppArmorProfile #12*
  capabilities Capabilities #1*
  privileged boolean #2*
  procMount enum(Default,Unmasked) #9*
  readOnlyRootFilesystem boolean #6*
  runAsGroup int64 #8*
  runAsNonRoot boolean #5*
  runAsUser int64 #4*
  seLinuxOptions SELinuxOptions #3*
  seccompProfile SeccompProfile #11*
  windowsOptions WindowsSecurityContextOptions #10*
WindowsSecurityContextOptions
  gmsaCredentialSpec string #2*
  gmsaCredentialSpecName string #1*
  hostProcess boolean #4*
  runAsUserName string #3*
`;
