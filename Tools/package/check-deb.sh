#!/usr/bin/env bash
# check-deb.sh PACKAGE: that a Debian package has all that docs/install.md says, and that what is in it runs. Nothing is installed.
set -euo pipefail
package=$(realpath "$1")
cd "$(dirname "${BASH_SOURCE[0]}")/../.."
root=$(mktemp -d)
trap 'rm -rf "$root"' EXIT
faults=0
fault() { printf 'check-deb.sh: %s\n' "$*" >&2; faults=1; }

dpkg-deb -x "$package" "$root"
dpkg-deb -e "$package" "$root/DEBIAN"
doc=usr/share/doc/tocsin
mapfile -t files < <(Tools/package/lay-out.sh --list /usr | sed 's|^/||; s|site-functions|vendor-completions|')
for file in "${files[@]}" lib/systemd/system/tocsin.service usr/lib/sysusers.d/tocsin.conf etc/tocsin/feeds.yaml \
    "$doc"/{copyright,changelog.gz,install.md,web.md,metrics.md} \
    "$doc"/examples/{family.yaml,prometheus/tocsin.rules.yml,prometheus/prometheus.yml,grafana/tocsin.json}; do
    [ -s "$root/$file" ] || fault "$file is not in it"
done
[ "$(cat "$root/DEBIAN/conffiles")" = /etc/tocsin/feeds.yaml ] || fault "/etc/tocsin/feeds.yaml is not the one file of the administrator"
(cd "$root" && md5sum --quiet -c DEBIAN/md5sums) || fault "files are not what md5sums says"
for script in postinst prerm postrm; do sh -n "$root/DEBIAN/$script" || fault "$script is no shell script"; done

depends=$(sed -n 's/^Depends: //p' "$root/DEBIAN/control")
for library in libcurl libxml2 libsqlite3 libc6; do [[ $depends == *$library* ]] || fault "it does not depend on $library"; done
[[ $depends != *-dev* ]] || fault "it depends on what only a build needs: $depends"
# What the program asks for and what docs/install.md names are the same.
while read -r library; do
    grep -qi -- "$library" docs/install.md || fault "docs/install.md does not name $library"
done < <(objdump -p "$root/usr/bin/tocsin" | sed -n 's/^ *NEEDED *\(lib[a-z+]*\|[a-z]*\).*/\1/p' |
    sed 's/^libsqlite$/SQLite/; s/^libz$/zlib/; s/^libgcc.*/libgcc/; s/^libbrotlidec$/libbrotli/; /^libm$/d; /^libc$/d; /^ld$/d')
[ -z "$(nm "$root/usr/bin/tocsin" 2>/dev/null)" ] || fault "the program has its symbols still"

# Every file that a page links to is there.
while IFS=: read -r page link; do
    [ -e "$(dirname "$page")/$link" ] || fault "$(basename "$page") links to $link, which is not in it"
done < <(grep -oE '\]\([^)#: ]+' "$root/$doc"/*.md | sed 's/\](//' | grep -vE ':https?$')

# A purge leaves nothing that we have made, and what somebody else has.
mkdir -p "$root"/purge/{tocsin,lib,bin}
touch "$root"/purge/tocsin/{people.yaml,imported.yaml,web-token}
ln -s "$(command -v rm)" "$(command -v rmdir)" "$root/purge/bin"
sed "s|/etc/tocsin|$root/purge/tocsin|g; s|/var/lib|$root/purge/lib|g" "$root/DEBIAN/postrm" >"$root/purge/postrm"
# Nothing of this system can be called.
PATH=$root/purge/bin /bin/sh "$root/purge/postrm" purge
[ "$(ls "$root/purge/tocsin")" = web-token ] || fault "a purge leaves what we have made, or takes what we have not"

program=$root/usr/bin/tocsin
version=$(sed -n 's/^Version: \(.*\)-.*/\1/p' "$root/DEBIAN/control")
"$program" --version | grep -qx "tocsin $version" || fault "the program is not of the package's version"
# As it would be read where it is installed, but for the places; and with what is commented out in it.
sed -i "s|/usr/share/tocsin|$root/usr/share/tocsin|; s|/var/lib/tocsin|$root|; s|/etc/tocsin|$root/etc/tocsin|" "$root/etc/tocsin/feeds.yaml"
"$program" check --config "$root/etc/tocsin/feeds.yaml" || fault "its feeds.yaml has faults"
(umask 077; echo a-token-for-the-check-0123456789 >"$root/etc/tocsin/web-token")
sed -i '/^# web:$/,$s/^# //' "$root/etc/tocsin/feeds.yaml"
grep -q '^web:' "$root/etc/tocsin/feeds.yaml" || fault "its feeds.yaml does not show how the web page is turned on"
"$program" check --config "$root/etc/tocsin/feeds.yaml" || fault "its feeds.yaml has faults with the web page"
if command -v lintian >/dev/null; then lintian --fail-on error,warning "$package" || fault "lintian has found something"; fi
[ $faults -eq 0 ] || exit 1
printf 'check-deb.sh: %s is as it should be\n' "$(basename "$package")" >&2
