#!/bin/sh
# Installs tutti as a service of systemd, or upgrades it:
#
#     make build && sudo server/deploy/install.sh [BINARY]
#
# BINARY is bin/tutti of this tree unless it is named. To run it again changes
# nothing but the binary and the unit: settings and data stay as they are. With
# DESTDIR set, files are put below it and nothing else is done.
set -eu

here=$(CDPATH='' cd -- "$(dirname -- "$0")" && pwd)
binary=${1:-$here/../../bin/tutti}
root=${DESTDIR:-}

fail() {
    echo "install.sh: $*" >&2
    exit 1
}

[ -x "$binary" ] || fail "there is no $binary: make build makes it"
if [ -z "$root" ]; then
    [ "$(id -u)" = 0 ] || fail "this needs root"
    command -v systemctl >/dev/null || fail "this needs systemd"
fi

# put FILE PATH MODE: into its place at once, so that nobody meets half of it.
put() {
    mkdir -p "$root$(dirname "$2")"
    install -m "$3" "$1" "$root$2.new"
    mv -f "$root$2.new" "$root$2"
}

put "$binary" /usr/local/bin/tutti 0755
put "$here/tutti.service" /etc/systemd/system/tutti.service 0644
settings=/etc/tutti/tutti.env
fresh=no
if [ ! -e "$root$settings" ]; then
    put "$here/tutti.env" "$settings" 0640
    fresh=yes
fi
[ -z "$root" ] || exit 0

if ! id tutti >/dev/null 2>&1; then
    useradd --system --user-group --home-dir /var/lib/tutti --no-create-home --shell /usr/sbin/nologin tutti
fi
chown root:tutti "$settings"
systemctl daemon-reload
systemctl enable --quiet tutti
systemctl restart tutti

# healthy asks as the service is set up.
healthy() {
    (
        set -a
        # shellcheck disable=SC1090 # it is whoever runs this who wrote it
        . "$settings"
        exec /usr/local/bin/tutti health
    ) >/dev/null 2>&1
}

tries=30
until healthy; do
    tries=$((tries - 1))
    if [ "$tries" = 0 ] || ! systemctl --quiet is-active tutti; then
        fail "tutti does not come up: journalctl -u tutti -n 50"
    fi
    sleep 1
done
echo "tutti is up; its settings are in $settings"
if [ "$fresh" = yes ]; then
    echo "The link that makes the first administrator: journalctl -u tutti | grep -A1 administrator"
fi
