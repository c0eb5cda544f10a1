#!/usr/bin/env bash
# lay-out.sh PROGRAM PREFIX [DESTDIR]: the program and all that belongs to it, below DESTDIR/PREFIX.
# lay-out.sh --list PREFIX: what that is, a path a line, for taking it away again.
#
# ZSH_COMPLETIONS is the folder of zsh's completions below PREFIX (share/zsh/site-functions).
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."

zsh=${ZSH_COMPLETIONS:-share/zsh/site-functions}
lists=(watchlists/xinjiang.yaml watchlists/central-asia-feeds.yaml feeds.schema.json)

if [ "${1:-}" = --list ]; then
    prefix=${2%/}
    printf "$prefix/%s\n" bin/tocsin share/bash-completion/completions/tocsin "$zsh/_tocsin" \
        share/fish/vendor_completions.d/tocsin.fish share/man/man1/tocsin.1.gz share/man/man5/tocsin-feeds.5.gz \
        "${lists[@]/#/share/tocsin/}"
    exit
fi

program=$1
root=${3:-}${2%/}
made=$(mktemp -d)
trap 'rm -rf "$made"' EXIT
install -D -m 755 "$program" "$root/bin/tocsin"
# A quarter of it is names that nothing needs while it runs.
strip --strip-unneeded --remove-section=.comment --remove-section=.note "$root/bin/tocsin"
for shell in bash zsh fish; do "$program" --generate-completion-script $shell >"$made/$shell"; done
# It is read, and not run.
sed -i '1{/^#!/d}' "$made/bash"
install -D -m 644 "$made/bash" "$root/share/bash-completion/completions/tocsin"
install -D -m 644 "$made/zsh" "$root/$zsh/_tocsin"
install -D -m 644 "$made/fish" "$root/share/fish/vendor_completions.d/tocsin.fish"
python3 Tools/package/make-man.py "$program" "$made/man"
# Without names and times, so that the same source gives the same bytes.
gzip -9n "$made"/man/*
install -D -m 644 "$made/man/tocsin.1.gz" "$root/share/man/man1/tocsin.1.gz"
install -D -m 644 "$made/man/tocsin-feeds.5.gz" "$root/share/man/man5/tocsin-feeds.5.gz"
for list in "${lists[@]}"; do install -D -m 644 "Examples/$list" "$root/share/tocsin/$list"; done
