{{/* How nodes find their addresses, and where pods get theirs from. */}}
{{- define "margay.validateEncapsulation" }}
{{- if eq .value "CrossSubnet" }}
{{- fail (printf "%s: CrossSubnet comes later. Use Always, or Never where the network between the nodes routes the pods' addresses." .where) }}
{{- end }}
{{- end }}

{{- define "margay.validateDetection" }}
{{- $name := "interfaceDetectionMethod" }}
{{- $known := "Use kubernetes-internal-ip, first-found, interface=REGEX[,REGEX] or cidr=CIDR[,CIDR]." }}
{{- if hasPrefix "skip-interface=" . }}
{{- fail (printf "%s: skip-interface= comes later. %s" $name $known) }}
{{- else if hasPrefix "can-reach=" . }}
{{- fail (printf "%s: can-reach= comes later. %s" $name $known) }}
{{- else if hasPrefix "cidr=" . }}
{{- range splitList "," (trimPrefix "cidr=" .) }}
{{- $range := include "margay.range" . }}
{{- if not $range }}
{{- fail (printf "%s: %q is not an IPv4 CIDR such as 192.0.2.0/24. Write them with commas between them, and no spaces." $name .) }}
{{- end }}
{{- $range = fromJson $range }}
{{- if ne (int64 $range.first) (int64 $range.address) }}
{{- fail (printf "%s: %q has bits behind its prefix. The network is %s." $name . $range.network) }}
{{- end }}
{{- end }}
{{- else if hasPrefix "interface=" . }}
{{- range splitList "," (trimPrefix "interface=" .) }}
{{- if or (not .) (contains " " .) }}
{{- fail (printf "%s: interface= needs the names of interfaces as regular expressions, such as interface=eth0,ens.* with commas between them and no spaces." $name) }}
{{- end }}
{{- /* With an empty alternative an expression matches the empty text, unless it is none. (?: is the one kind that Go and the agent read alike. */ -}}
{{- if or (not (regexMatch (printf "%s|" .) "")) (contains "(?" (replace "(?:" "" .)) }}
{{- fail (printf "%s: %q is not a regular expression that can be used. Brackets must be closed; a comma ends an expression; (?…) other than (?:…) is not known. Write such as interface=eth0,ens.*" $name .) }}
{{- end }}
{{- end }}
{{- else if not (has . (list "kubernetes-internal-ip" "first-found")) }}
{{- fail (printf "%s: %q is not a method. %s" $name . $known) }}
{{- end }}
{{- end }}

{{- define "margay.validatePools" }}
{{- if .Values.pools.ipv6 }}
{{- fail "pools.ipv6: IPv6 comes later. Leave the list empty." }}
{{- end }}
{{- $seen := list }}
{{- range $index, $pool := .Values.pools.ipv4 }}
{{- $where := printf "pools.ipv4[%d]" $index }}
{{- include "margay.validateEncapsulation" (dict "where" (printf "%s.ipIpEncapsulation" $where) "value" ($pool.ipIpEncapsulation | default "")) }}
{{- if contains ":" $pool.cidr }}
{{- fail (printf "%s.cidr: %q is IPv6, which comes later. Use an IPv4 CIDR such as 10.244.0.0/16." $where $pool.cidr) }}
{{- end }}
{{- $range := include "margay.range" $pool.cidr }}
{{- if not $range }}
{{- fail (printf "%s.cidr: %q is not an IPv4 CIDR such as 10.244.0.0/16." $where $pool.cidr) }}
{{- end }}
{{- $range = fromJson $range }}
{{- if ne (int64 $range.first) (int64 $range.address) }}
{{- fail (printf "%s.cidr: %q has bits behind its prefix. The network is %s." $where $pool.cidr $range.network) }}
{{- end }}
{{- range $special := list (dict "name" "unspecified" "cidr" "0.0.0.0/32") (dict "name" "loopback" "cidr" "127.0.0.0/8") (dict "name" "link-local" "cidr" "169.254.0.0/16") (dict "name" "multicast" "cidr" "224.0.0.0/4") (dict "name" "broadcast" "cidr" "255.255.255.255/32") }}
{{- $bad := include "margay.range" $special.cidr | fromJson }}
{{- if and (le (int64 $bad.first) (int64 $range.last)) (le (int64 $range.first) (int64 $bad.last)) }}
{{- fail (printf "%s.cidr: %s has %s addresses, which no pod can have. Use a private range, such as 10.244.0.0/16." $where $pool.cidr $special.name) }}
{{- end }}
{{- end }}
{{- $block := int ($pool.blockSize | default 26) }}
{{- if gt (int $range.prefix) $block }}
{{- fail (printf "%s.blockSize: a block of /%d does not fit into %s. Use %d or more, up to 32." $where $block $pool.cidr (max 20 (int $range.prefix))) }}
{{- end }}
{{- $name := include "margay.poolName" $pool }}
{{- include "margay.validateName" (dict "where" (printf "%s.name" $where) "value" $name) }}
{{- range $seen }}
{{- if eq .name $name }}
{{- fail (printf "%s.name: %q is the name of %s too. Give each pool a name of its own." $where $name .where) }}
{{- end }}
{{- if and (le (int64 .range.first) (int64 $range.last)) (le (int64 $range.first) (int64 .range.last)) }}
{{- fail (printf "%s.cidr: %s overlaps with %s of %s. Pools must not share addresses." $where $pool.cidr .cidr .where) }}
{{- end }}
{{- end }}
{{- $seen = append $seen (dict "where" $where "name" $name "cidr" $pool.cidr "range" $range) }}
{{- end }}
{{- end }}

{{- /* An IPv4 CIDR as JSON (address, first, last as numbers, prefix, network); empty when it is none. */ -}}
{{- define "margay.range" }}
{{- $octet := "(25[0-5]|2[0-4][0-9]|1[0-9][0-9]|[1-9]?[0-9])" }}
{{- if regexMatch (printf "^%s(\\.%s){3}/(3[0-2]|[12]?[0-9])$" $octet $octet) . }}
{{- $prefix := int (splitList "/" . | last) }}
{{- $address := int64 0 }}
{{- range splitList "." (splitList "/" . | first) }}
{{- $address = add (mul $address 256) (int .) }}
{{- end }}
{{- $size := int64 1 }}
{{- range until (int (sub 32 $prefix)) }}
{{- $size = mul $size 2 }}
{{- end }}
{{- $first := mul (div $address $size) $size }}
{{- $network := printf "%d.%d.%d.%d/%d" (div $first 16777216) (mod (div $first 65536) 256) (mod (div $first 256) 256) (mod $first 256) $prefix }}
{{- dict "address" $address "first" $first "last" (sub (add $first $size) 1) "prefix" $prefix "network" $network | toJson }}
{{- end }}
{{- end }}
