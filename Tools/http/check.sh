#!/usr/bin/env bash
# Has schemathesis hold a running tocsin against its own OpenAPI description. ./dev http TOCSIN
#
# The state is filled by polling the samples and a few made feeds with hostile titles; nothing outside of this machine is asked.
set -euo pipefail

tocsin=$(realpath "$1") schemathesis=$(realpath "$2") examples=${3:-200}
port=${TOCSIN_HTTP_PORT:-18420}
token=a-token-for-schemathesis-0123456789
root=$(cd "$(dirname "$0")/../.." && pwd)
folder=$(mktemp -d)
pid=
trap '[ -z "$pid" ] || kill "$pid" 2>/dev/null || true; rm -rf "$folder"' EXIT

cat >"$folder/hostile.xml" <<'FEED'
<rss version="2.0"><channel><title>Hostile</title><link>https://example.org/</link><description>d</description>
<item><guid>1</guid><title>&lt;script&gt;alert(1)&lt;/script&gt; Zhainar &amp; &#x202e;gnp</title><link>javascript:alert(1)</link></item>
<item><guid>2</guid><title>Zhainar "quoted" \ backslash 中文 ئۇيغۇر</title><link>https://example.org/2</link></item>
</channel></rss>
FEED
cat >"$folder/feeds.yaml" <<YAML
state: state.db
backlog: all
web: {listen: 127.0.0.1:$port, token: $token}
feeds:
  - file:hostile.xml
$(for sample in "$root"/Examples/feeds/*; do echo "  - file:$sample"; done)
watch:
  - {name: family, people: [Zhainar Serikqyzy], any: [Zhainar], severity: high}
  - {name: "Camps & more/less", any: [camp, Xinjiang, 新疆]}
alerts:
  - file: {path: alerts.jsonl}
YAML
cd "$folder"
"$tocsin" run --config feeds.yaml >run.log 2>&1 &
pid=$!
for _ in $(seq 100); do
    if curl -sf "http://127.0.0.1:$port/readyz" >/dev/null; then break; fi
    kill -0 "$pid" 2>/dev/null || { cat run.log >&2; exit 1; }
    sleep 0.2
done
curl -sf -H "Authorization: Bearer $token" "http://127.0.0.1:$port/metrics" >metrics.txt
if command -v promtool >/dev/null; then promtool check metrics <metrics.txt; fi
"$schemathesis" run "http://127.0.0.1:$port/api/v1/openapi.json" --header "Authorization: Bearer $token" \
    --checks all --max-examples "$examples" --phases examples,coverage,fuzzing --no-color
kill -0 "$pid"
