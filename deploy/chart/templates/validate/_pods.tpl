{{/* What the Kubernetes API wants of pods. Each template: dict "where" (the value's name) "value" … */}}

{{- define "margay.validatePlacement" }}
{{- $where := .where }}
{{- $own := list "app.kubernetes.io/name" "app.kubernetes.io/instance" "app.kubernetes.io/component" }}
{{- include "margay.validateLabels" (dict "where" (printf "%s.nodeSelector" $where) "value" .value.nodeSelector) }}
{{- include "margay.validateLabels" (dict "where" (printf "%s.podLabels" $where) "value" .value.podLabels "own" $own) }}
{{- range $key, $_ := .value.podAnnotations }}
{{- include "margay.validateKey" (dict "where" (printf "%s.podAnnotations" $where) "value" $key) }}
{{- end }}
{{- with .value.priorityClassName }}
{{- include "margay.validateName" (dict "where" (printf "%s.priorityClassName" $where) "value" .) }}
{{- end }}
{{- range $index, $toleration := .value.tolerations }}
{{- include "margay.validateToleration" (dict "where" (printf "%s.tolerations[%d]" $where $index) "value" $toleration) }}
{{- end }}
{{- end }}

{{- define "margay.validateToleration" }}
{{- $operator := .value.operator | default "Equal" }}
{{- if .value.key }}
{{- include "margay.validateKey" (dict "where" (printf "%s.key" .where) "value" .value.key) }}
{{- else if eq $operator "Equal" }}
{{- fail (printf "%s: a toleration without a key needs operator: Exists, and tolerates every taint. Give the key, or the operator." .where) }}
{{- end }}
{{- if and .value.value (eq $operator "Exists") }}
{{- fail (printf "%s.value: %q does not go with operator: Exists, which asks for no value. Take it out, or use operator: Equal." .where .value.value) }}
{{- end }}
{{- include "margay.validateLabelValue" (dict "where" (printf "%s.value" .where) "value" (.value.value | default "")) }}
{{- if and (hasKey .value "tolerationSeconds") (ne (.value.effect | default "") "NoExecute") }}
{{- fail (printf "%s.tolerationSeconds: only effect: NoExecute ends a pod after a time. Set that effect, or take tolerationSeconds out." .where) }}
{{- end }}
{{- end }}

{{- /* Of "own" the chart sets each itself. */ -}}
{{- define "margay.validateLabels" }}
{{- range $key, $value := .value }}
{{- if has $key ($.own | default list) }}
{{- fail (printf "%s: %s is Margay's own label. Choose another one." $.where $key) }}
{{- end }}
{{- include "margay.validateKey" (dict "where" $.where "value" $key) }}
{{- include "margay.validateLabelValue" (dict "where" (printf "%s.%s" $.where $key) "value" $value) }}
{{- end }}
{{- end }}

{{- define "margay.validateKey" }}
{{- $name := splitList "/" .value | last }}
{{- $prefix := trimSuffix (printf "/%s" $name) .value }}
{{- $good := and (regexMatch "^[A-Za-z0-9]([A-Za-z0-9._-]*[A-Za-z0-9])?$" $name) (le (len $name) 63) }}
{{- if contains "/" .value }}
{{- $good = and $good (include "margay.isName" $prefix) }}
{{- end }}
{{- if not $good }}
{{- fail (printf "%s: %q is not a name for a label, annotation or taint. Use up to 63 letters, digits, '-', '_' and '.', with a letter or digit at both ends; before it may stand a DNS name in lower case and '/', as in example.com/team." .where .value) }}
{{- end }}
{{- end }}

{{- define "margay.validateLabelValue" }}
{{- if not (and (regexMatch "^([A-Za-z0-9]([A-Za-z0-9._-]*[A-Za-z0-9])?)?$" .value) (le (len .value) 63)) }}
{{- fail (printf "%s: %q is not a value for a label. Use up to 63 letters, digits, '-', '_' and '.', with a letter or digit at both ends." .where .value) }}
{{- end }}
{{- end }}

{{- define "margay.validateResources" }}
{{- $amounts := dict }}
{{- range $kind := list "requests" "limits" }}
{{- $of := dict }}
{{- range $name, $value := index ($.value | default dict) $kind }}
{{- $where := printf "%s.%s" $.where $kind }}
{{- if not (has $name (list "cpu" "memory" "ephemeral-storage")) }}
{{- fail (printf "%s: %q is not something that Margay uses. Use cpu, memory or ephemeral-storage." $where $name) }}
{{- end }}
{{- $amount := include "margay.quantity" (kindIs "string" $value | ternary $value (toJson $value)) }}
{{- if not $amount }}
{{- fail (printf "%s.%s: \"%v\" is not an amount. Write a number, not negative, with or without a unit and no space: 100m or 1 for cpu, 128Mi or 1Gi for memory." $where $name $value) }}
{{- end }}
{{- $_ := set $of $name (float64 $amount) }}
{{- end }}
{{- $_ := set $amounts $kind $of }}
{{- end }}
{{- range $name, $limit := $amounts.limits }}
{{- if and (hasKey $amounts.requests $name) (gt (index $amounts.requests $name) $limit) }}
{{- fail (printf "%s.requests.%s: %v is more than limits.%s, %v. Lower the request, or raise the limit." $.where $name (index $.value.requests $name) $name (index $.value.limits $name)) }}
{{- end }}
{{- end }}
{{- end }}

{{- /* A quantity of Kubernetes as a plain number; empty when it is none, or negative. */ -}}
{{- define "margay.quantity" }}
{{- $units := dict "n" 1e-9 "u" 1e-6 "m" 1e-3 "k" 1e3 "M" 1e6 "G" 1e9 "T" 1e12 "P" 1e15 "E" 1e18 "Ki" 1024.0 "Mi" 1048576.0 "Gi" 1073741824.0 "Ti" 1099511627776.0 "Pi" 1125899906842624.0 "Ei" 1152921504606846976.0 }}
{{- if regexMatch "^\\+?([0-9]{1,18}(\\.[0-9]{0,9})?|\\.[0-9]{1,9})([numkMGTPE]|[KMGTPE]i|[eE][+-]?[0-9]{1,2})?$" . }}
{{- $unit := regexFind "([numkMGTPE]|[KMGTPE]i)$" . }}
{{- $number := trimSuffix $unit . | trimPrefix "+" }}
{{- mulf (float64 $number) (index $units $unit | default 1.0) | printf "%.9f" -}}
{{- end }}
{{- end }}

{{- /* With "common" those of every container: no name in both. */ -}}
{{- define "margay.validateEnv" }}
{{- $own := list "HOST_IP" "NODE_NAME" "POD_IP" "MALLOC_ARENA_MAX" }}
{{- $seen := dict }}
{{- range .common }}
{{- $_ := set $seen .name "extraEnv" }}
{{- end }}
{{- range $index, $env := .value }}
{{- $where := printf "%s[%d]" $.where $index }}
{{- if not (regexMatch "^[A-Za-z_.-][A-Za-z0-9_.-]*$" .name) }}
{{- fail (printf "%s.name: %q is not a name for a variable. Use letters, digits, '_', '-' and '.', with no digit at the start." $where .name) }}
{{- end }}
{{- if has .name $own }}
{{- fail (printf "%s.name: Margay sets %s itself. Take it out." $where .name) }}
{{- end }}
{{- if has .name (list "KUBERNETES_SERVICE_HOST" "KUBERNETES_SERVICE_PORT") }}
{{- fail (printf "%s.name: %s is set by kubernetesApi.host and kubernetesApi.port. Use these." $where .name) }}
{{- end }}
{{- if hasKey $seen .name }}
{{- fail (printf "%s.name: %s is in %s too. Name each variable once." $where .name (index $seen .name)) }}
{{- end }}
{{- $_ := set $seen .name $.where }}
{{- if and .value (hasKey . "valueFrom") }}
{{- fail (printf "%s: %s has both value and valueFrom. Keep one of the two." $where .name) }}
{{- end }}
{{- if hasKey . "valueFrom" }}
{{- if ne (len .valueFrom) 1 }}
{{- fail (printf "%s.valueFrom: %s needs one source. Use configMapKeyRef, secretKeyRef, fieldRef or resourceFieldRef." $where .name) }}
{{- end }}
{{- include "margay.validateEnvSource" (dict "where" (printf "%s.valueFrom" $where) "value" .valueFrom) }}
{{- end }}
{{- end }}
{{- end }}

{{- define "margay.validateEnvSource" }}
{{- range $kind := list "configMapKeyRef" "secretKeyRef" }}
{{- with index $.value $kind }}
{{- include "margay.validateName" (dict "where" (printf "%s.%s.name" $.where $kind) "value" .name) }}
{{- if not (regexMatch "^[A-Za-z0-9._-]{1,253}$" .key) }}
{{- fail (printf "%s.%s.key: %q is not a key. Use letters, digits, '-', '_' and '.'." $.where $kind .key) }}
{{- end }}
{{- end }}
{{- end }}
{{- with .value.fieldRef }}
{{- if not (regexMatch "^(metadata\\.(name|namespace|uid)|metadata\\.(labels|annotations)\\['[^']+'\\]|spec\\.(nodeName|serviceAccountName)|status\\.(hostIPs?|podIPs?))$" .fieldPath) }}
{{- fail (printf "%s.fieldRef.fieldPath: %q is not a field that a variable can have. Use such as metadata.name, metadata.labels['team'], spec.nodeName or status.hostIP." $.where .fieldPath) }}
{{- end }}
{{- end }}
{{- with .value.resourceFieldRef }}
{{- if not (regexMatch "^(limits|requests)\\.(cpu|memory|ephemeral-storage)$" .resource) }}
{{- fail (printf "%s.resourceFieldRef.resource: %q is not known. Use such as limits.memory or requests.cpu." $.where .resource) }}
{{- end }}
{{- end }}
{{- end }}
