#!/usr/bin/env bash
# make-deb.sh PROGRAM FOLDER: a Debian package of the program, written to the folder; its path is printed.
#
# Needs dpkg-dev. What the package depends on is found out by dpkg-shlibdeps: the versions of the Debian that this runs on.
set -euo pipefail
program=$(realpath "$1")
mkdir -p "$2"
folder=$(realpath "$2")
cd "$(dirname "${BASH_SOURCE[0]}")/../.."

version=$(sed -n 's/.*static let version = "\(.*\)".*/\1/p' Sources/Model/Product.swift)
revision=${TOCSIN_DEB_REVISION:-1}
architecture=$(dpkg --print-architecture)
# The time of what is packaged: the last commit's, where there is one.
SOURCE_DATE_EPOCH=${SOURCE_DATE_EPOCH:-$(git log -1 --format=%ct 2>/dev/null || date +%s)}
export SOURCE_DATE_EPOCH

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
root=$work/root
umask 022
mkdir -p "$root/DEBIAN"
ZSH_COMPLETIONS=share/zsh/vendor-completions Tools/package/lay-out.sh "$program" /usr "$root"

doc=$root/usr/share/doc/tocsin
install -D -m 644 Tools/package/debian/copyright "$doc/copyright"
gzip -9nc CHANGELOG.md >"$doc/changelog.gz"
printf 'tocsin (%s-%s) unstable; urgency=medium\n\n  * Tocsin %s; what is new is in changelog.gz.\n\n -- %s  %s\n' \
    "$version" "$revision" "$version" "$(sed -n 's/^Maintainer: //p' Tools/package/debian/control)" \
    "$(date -u -R -d "@$SOURCE_DATE_EPOCH")" | gzip -9n >"$doc/changelog.Debian.gz"
install -m 644 docs/*.md "$doc/"
# What they link to lies beside them here.
sed -i -e 's|\[CHANGELOG\](\.\./CHANGELOG\.md)|`changelog.gz`|' -e 's|(\.\./Examples/|(examples/|g' "$doc"/*.md
mkdir -p "$doc/examples"
cp -r Examples/alert.schema.json Examples/family.yaml Examples/newsroom.yaml Examples/minimal.yaml Examples/feeds Examples/webhook-receiver \
    Examples/prometheus Examples/grafana "$doc/examples/"
rm -rf "$doc"/examples/webhook-receiver/__pycache__
sed -i 's|watchlists/|/usr/share/tocsin/watchlists/|; s|\$schema=feeds|$schema=/usr/share/tocsin/feeds|' "$doc"/examples/*.yaml
chmod -R u+rwX,go+rX,go-w "$doc"

install -D -m 644 Tools/package/debian/feeds.yaml "$root/etc/tocsin/feeds.yaml"
echo /etc/tocsin/feeds.yaml >"$root/DEBIAN/conffiles"
# The unit is the one of Examples, for the program's place here, and with the group that can read the configuration.
install -D -m 644 Examples/systemd/tocsin.service "$root/lib/systemd/system/tocsin.service"
sed -i -e '/^\[Unit\]/,$!d' -e 's|/usr/local/bin/|/usr/bin/|' -e 's|^#\(SupplementaryGroups=\)|\1|' \
    "$root/lib/systemd/system/tocsin.service"
install -D -m 644 Tools/package/debian/sysusers.conf "$root/usr/lib/sysusers.d/tocsin.conf"
install -D -m 644 Tools/package/debian/lintian-overrides "$root/usr/share/lintian/overrides/tocsin"
for script in postinst prerm postrm; do install -m 755 "Tools/package/debian/$script" "$root/DEBIAN/$script"; done

# dpkg-shlibdeps looks for a source package around it.
mkdir -p "$work/debian"
printf 'Source: tocsin\n\nPackage: tocsin\nArchitecture: any\n' >"$work/debian/control"
libraries=$(cd "$work" && dpkg-shlibdeps -O -eroot/usr/bin/tocsin | sed -n 's/^shlibs:Depends=//p')
[ -n "$libraries" ] || { echo "make-deb.sh: dpkg-shlibdeps found no libraries" >&2; exit 1; }
size=$(du -k -s --apparent-size --exclude=DEBIAN "$root" | cut -f 1)
sed -e "s|@VERSION@|$version-$revision|; s|@ARCHITECTURE@|$architecture|; s|@SIZE@|$size|; s|@LIBRARIES@|$libraries|" \
    Tools/package/debian/control >"$root/DEBIAN/control"
(cd "$root" && find . -type f ! -path './DEBIAN/*' ! -path ./etc/tocsin/feeds.yaml -printf '%P\n' | LC_ALL=C sort | xargs -d '\n' md5sum) \
    >"$root/DEBIAN/md5sums"
find "$root" -newermt "@$SOURCE_DATE_EPOCH" -exec touch -h -d "@$SOURCE_DATE_EPOCH" {} +
package=$folder/tocsin_$version-${revision}_$architecture.deb
dpkg-deb --root-owner-group --build "$root" "$package" >/dev/null
printf '%s\n' "$package"
