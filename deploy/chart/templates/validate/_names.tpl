{{/* Names, images, addresses, folders and counts: what the Kubernetes API, a runtime or a program of Margay's refuses later. */}}

{{- /* Not empty if a text is a DNS name in lower case. */ -}}
{{- define "margay.isName" }}
{{- if and (regexMatch "^[a-z0-9]([a-z0-9-]*[a-z0-9])?(\\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)*$" .) (le (len .) 253) }}yes{{ end }}
{{- end }}

{{- define "margay.validateName" }}
{{- if not (include "margay.isName" .value) }}
{{- fail (printf "%s: %q is not a name. Use up to 253 lower-case letters, digits, '-' and '.', with a letter or digit at both ends." .where .value) }}
{{- end }}
{{- end }}

{{- define "margay.validateImages" }}
{{- with .registry }}
{{- if not (regexMatch "^[A-Za-z0-9]([A-Za-z0-9.-]*[A-Za-z0-9])?(:[0-9]{1,5})?(/[a-z0-9]+([._-]+[a-z0-9]+)*)*/?$" .) }}
{{- fail (printf "image.registry: %q is not a registry. Write its host, a port if it needs one, and a path in lower case, with no http:// before it: registry.example.com:5000/team." .) }}
{{- end }}
{{- end }}
{{- with .tag }}
{{- if not (regexMatch "^[A-Za-z0-9_][A-Za-z0-9_.-]{0,127}$" .) }}
{{- fail (printf "image.tag: %q is not a tag. Use up to 128 letters, digits, '_', '-' and '.'; a digest cannot be given." .) }}
{{- end }}
{{- end }}
{{- range $name, $image := dict "controlPlane" .controlPlane "nodeAgent" .nodeAgent }}
{{- if not (regexMatch "^[a-z0-9]+([._-]+[a-z0-9]+)*(/[a-z0-9]+([._-]+[a-z0-9]+)*)*$" $image.repository) }}
{{- fail (printf "image.%s.repository: %q is not a repository. Use lower-case letters, digits, '-', '_', '.' and '/'; host and tag have values of their own, image.registry and image.tag." $name $image.repository) }}
{{- end }}
{{- end }}
{{- range $index, $secret := .pullSecrets }}
{{- include "margay.validateName" (dict "where" (printf "image.pullSecrets[%d].name" $index) "value" $secret.name) }}
{{- end }}
{{- end }}

{{- define "margay.validateImage" }}
{{- if not (regexMatch "^([A-Za-z0-9]([A-Za-z0-9.-]*[A-Za-z0-9])?(:[0-9]{1,5})?/)?[a-z0-9]+([._-]+[a-z0-9]+)*(/[a-z0-9]+([._-]+[a-z0-9]+)*)*(:[A-Za-z0-9_][A-Za-z0-9_.-]{0,127})?(@sha256:[0-9a-f]{64})?$" .value) }}
{{- fail (printf "%s: %q is not an image. Write it as registry.example.com/name:tag, with the name in lower case." .where .value) }}
{{- end }}
{{- end }}

{{- define "margay.validateEndpoints" }}
{{- $host := "^[A-Za-z0-9]([A-Za-z0-9.-]*[A-Za-z0-9])?$" }}
{{- with .kubernetesApi.host }}
{{- if not (or (regexMatch $host .) (regexMatch "^[0-9A-Fa-f]*:[0-9A-Fa-f:.]*:[0-9A-Fa-f:.]*$" .)) }}
{{- fail (printf "kubernetesApi.host: %q is not an address or a DNS name. Write it alone, with no https://, port or path; the port goes into kubernetesApi.port." .) }}
{{- end }}
{{- end }}
{{- with .tests.outside }}
{{- $parts := splitList ":" . }}
{{- $port := last $parts }}
{{- if not (and (eq (len $parts) 2) (regexMatch $host (first $parts)) (regexMatch "^[0-9]{1,5}$" $port)) }}
{{- fail (printf "tests.outside: %q must be HOST:PORT, such as 192.0.2.1:443." .) }}
{{- end }}
{{- $number := atoi $port }}
{{- if or (lt $number 1) (gt $number 65535) }}
{{- fail (printf "tests.outside: port %s of %q is not between 1 and 65535." $port .) }}
{{- end }}
{{- end }}
{{- $port := int .tests.hostPort }}
{{- if lt $port 1024 }}
{{- fail (printf "tests.hostPort: %d is below 1024, which needs rights that the test does not have. Use a free port of the nodes from 1024 on." $port) }}
{{- end }}
{{- if or (and (ge $port 7461) (le $port 7465)) (and (ge $port 7471) (le $port 7475)) }}
{{- fail (printf "tests.hostPort: %d is a port of Margay's own (7461 to 7465, 7471 to 7475). Use one that is free on every node." $port) }}
{{- end }}
{{- $taken := dict "2379" "etcd" "2380" "etcd" "6443" "the API server" "10248" "the kubelet" "10249" "kube-proxy" "10250" "the kubelet" "10255" "the kubelet" "10256" "kube-proxy" "10257" "the controller manager" "10259" "the scheduler" }}
{{- with index $taken (toString $port) }}
{{- fail (printf "tests.hostPort: %d is the port of %s. Use one that is free on every node." $port .) }}
{{- end }}
{{- end }}

{{- define "margay.validateFolders" }}
{{- $dirs := dict "nodeAgent.cniBinDir" .cniBinDir "nodeAgent.cniConfDir" .cniConfDir }}
{{- range $name, $dir := $dirs }}
{{- if has ".." (splitList "/" $dir) }}
{{- fail (printf "%s: %q must not go up by '..'. Write the folder's own path." $name $dir) }}
{{- end }}
{{- if not (and (regexMatch "^/[A-Za-z0-9._/-]+$" $dir) (ne (clean $dir) "/")) }}
{{- fail (printf "%s: %q is not the path of a folder. Write it from the root on, such as /opt/cni/bin, with letters, digits, '.', '_' and '-'." $name $dir) }}
{{- end }}
{{- if has (clean $dir) (list "/var/lib/margay" "/run/margay" "/run/netns") }}
{{- fail (printf "%s: %q is a folder that Margay uses for other things. Choose another one." $name $dir) }}
{{- end }}
{{- end }}
{{- if eq (clean .cniBinDir) (clean .cniConfDir) }}
{{- fail (printf "nodeAgent.cniConfDir: %q is nodeAgent.cniBinDir too. Plugins and network configurations need a folder each." .cniConfDir) }}
{{- end }}
{{- end }}

{{- define "margay.validateCounts" }}
{{- $counts := dict "replicas" .replicas }}
{{- range $name := list "controller" "ipam" "policy" "fanout" }}
{{- $_ := set $counts (printf "%s.replicas" $name) (index $ $name).replicas }}
{{- end }}
{{- range $name, $count := $counts }}
{{- if not (or (kindIs "invalid" $count) (eq (toString $count) "auto")) }}
{{- if or (kindIs "string" $count) (lt (int $count) 1) (gt (int $count) 100) }}
{{- fail (printf "%s: \"%v\" is not possible. Use auto, or a number from 1 to 100." $name $count) }}
{{- end }}
{{- end }}
{{- end }}
{{- $some := .nodeAgent.maxUnavailable }}
{{- if not (kindIs "string" $some | ternary (regexMatch "^([1-9][0-9]?|100)%$" (toString $some)) (and (ge (int $some) 1) (le (int $some) 5000))) }}
{{- fail (printf "nodeAgent.maxUnavailable: \"%v\" is not possible. Use a number from 1 to 5000, or a share from 1%% to 100%%." $some) }}
{{- end }}
{{- end }}

{{- define "margay.validateMonitors" }}
{{- $own := list "app.kubernetes.io/name" "app.kubernetes.io/component" "app.kubernetes.io/instance" "app.kubernetes.io/version" "app.kubernetes.io/managed-by" "helm.sh/chart" }}
{{- range $name, $monitor := dict "metrics.serviceMonitor" .serviceMonitor "metrics.podMonitor" .podMonitor }}
{{- include "margay.validateLabels" (dict "where" (printf "%s.labels" $name) "value" $monitor.labels "own" $own) }}
{{- if not (regexMatch "^[1-9][0-9]{0,5}(ms|s|m|h)$" $monitor.interval) }}
{{- fail (printf "%s.interval: %q is not a time. Write a number above 0 and its unit, such as 30s or 1m." $name $monitor.interval) }}
{{- end }}
{{- end }}
{{- end }}
