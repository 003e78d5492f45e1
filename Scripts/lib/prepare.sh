# Sourced by the other scripts: finds or installs what Tailrace needs to build, run and test.
# Debian 12 and Ubuntu; with root (or password-less sudo) missing packages are installed, without it they are named.

# Packages that building and the demo need.
build_packages="postgresql postgresql-contrib postgresql-client libpq-dev librdkafka-dev liblz4-dev libzstd-dev libsnappy-dev zlib1g-dev pkg-config git"
# Packages that only the tests and benchmarks need.
test_packages="python3 python3-venv default-jdk-headless kcat gcc libc6-dev procps util-linux openssl"

say() { printf '%s\n' "$*" >&2; }

is_installed() { [ "$(dpkg-query -W -f '${db:Status-Status}' "$1" 2>/dev/null)" = installed ]; }

# prepare PACKAGE…: installs what is missing, or says what is missing and fails.
prepare() {
    missing=""
    for package in "$@"; do is_installed "$package" || missing="$missing $package"; done
    if [ -n "$missing" ]; then
        if ! command -v apt-get >/dev/null; then
            say "error: these packages are missing, and this is not a Debian or Ubuntu system:$missing"
            exit 1
        fi
        sudo=""
        if [ "$(id -u)" -ne 0 ]; then
            if sudo -n true 2>/dev/null; then
                sudo="sudo"
            else
                say "error: packages are missing and installing them needs root. Run this, then try again:"
                say "    sudo apt-get update && sudo apt-get install -y$missing"
                exit 1
            fi
        fi
        say "installing:$missing"
        # The distribution's package would start a server of its own; ours are started by whoever needs one.
        quiet=/etc/postgresql-common/createcluster.conf
        case "$missing" in
        *postgresql*) if [ -e $quiet ]; then quiet=""; else
            $sudo mkdir -p /etc/postgresql-common
            printf 'create_main_cluster = false\n' | $sudo tee $quiet >/dev/null
        fi ;;
        *) quiet="" ;;
        esac
        $sudo apt-get update -qq
        # shellcheck disable=SC2086
        DEBIAN_FRONTEND=noninteractive $sudo apt-get install -y -qq --no-install-recommends $missing >&2 </dev/null
        if [ -n "$quiet" ]; then $sudo rm -f "$quiet"; fi
    fi
    if ! command -v swift >/dev/null; then
        say "error: no Swift toolchain found. Install Swift 6.3 or newer from https://www.swift.org/install and try again."
        exit 1
    fi
    version=$(swift --version 2>/dev/null | sed -n 's/.*Swift version \([0-9]*\)\.\([0-9]*\).*/\1 \2/p' | head -n 1)
    # shellcheck disable=SC2086
    set -- $version
    if [ "${1:-0}" -lt 6 ] || { [ "${1:-0}" -eq 6 ] && [ "${2:-0}" -lt 3 ]; }; then
        say "error: Swift ${1:-unknown}.${2:-} is too old; Tailrace needs 6.3 or newer."
        exit 1
    fi
}
